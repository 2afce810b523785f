/**
 * Why the product cannot start, in one line for the operator: what is wrong and what to do. Whoever runs a command prints
 * the message alone, without a stack, and exits with 1.
 */
export class CannotStart extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "CannotStart";
  }
}
