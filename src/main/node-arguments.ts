/**
 * Arguments for `node` in a process that handles messages. A heap can be given them only as it is made, so whoever starts a role by
 * name passes them to `node` themselves (docs/operations.md).
 */
export const NODE_ARGUMENTS = [
  // Helper threads end a collection sooner only where cores lie idle; under load they take the time of the other processes and wait
  // for one another. Measured on two busy cores: 15 to 20 % less processor time a message without them.
  "--single-threaded-gc",
  // MiB, twice the default: what a message leaves behind is dead before so much is full, and next to nothing has to be kept.
  "--max-semi-space-size=32",
] as const;
