/** The one error this client throws, for everything that can go wrong. */

export interface ApiError {
  error: string;
  message: string;
  /** Of a `VerificationError`. */
  reason?: "wrong" | "expired" | "too-many-attempts" | "already-used";
  attempts_left?: number;
}

const TOO_MANY_REQUESTS = 429;
const SERVER_ERRORS_FROM = 500;

/**
 * Decide by `statusCode` and `error`, which do not change; the words of `message` may.
 *
 * | `error` | `statusCode` | means |
 * |---|---|---|
 * | `BadRequestError`, `ValidationError`, `AuthError` … | as the API answered | the API refused |
 * | `HTTPError` | as answered | something else than the API answered, a proxy perhaps |
 * | `TimeoutError`, `NetworkError` | `undefined` | there was no answer; the request may still have been carried out |
 * | `InvalidArgumentError` | `undefined` | nothing was sent: an argument is wrong |
 */
export class PennypostError extends Error {
  readonly statusCode: number | undefined;
  /** The name of the first error. */
  readonly error: string;
  /** Everything the API named, at least one. */
  readonly errors: readonly ApiError[];
  /** How long the API asked to wait. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    errors: readonly [ApiError, ...ApiError[]],
    details: { statusCode?: number; retryAfterSeconds?: number | undefined; cause?: unknown } = {},
  ) {
    super(errors.map(({ message }) => message).join("; "), { cause: details.cause });
    this.name = "PennypostError";
    this.statusCode = details.statusCode;
    this.error = errors[0].error;
    this.errors = errors;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }

  /** Whether the same request may succeed later. A daily limit does not count: it lasts until midnight. */
  get isRetryable(): boolean {
    if (this.error === "TimeoutError" || this.error === "NetworkError") return true;
    if (this.statusCode === TOO_MANY_REQUESTS) return this.error !== "TooManyRequestsError";
    return this.statusCode !== undefined && this.statusCode >= SERVER_ERRORS_FROM;
  }
}

export function invalidArgument(message: string): PennypostError {
  return new PennypostError([{ error: "InvalidArgumentError", message }]);
}
