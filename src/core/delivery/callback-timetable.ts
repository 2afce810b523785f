/** When a callback that a service's system did not take is made again, and when we stop. */
export type CallbackAnswer =
  | { kind: "answered"; status: number } // an HTTP status code
  | { kind: "unreachable" }; // no connection, or no answer in time

export type NextCallback =
  | { kind: "delivered" }
  | { kind: "retry"; at: Date }
  | { kind: "give-up"; reason: "refused" | "retries-exhausted" };

const RETRIES_MAX = 5;
const RETRY_AFTER_MS = 300_000;

const SUCCESS = { from: 200, to: 299 };
const TOO_MANY_REQUESTS = 429;
const SERVER_ERRORS_FROM = 500;

/** `made` counts the attempt just answered. Redirects are not followed: like other refusals, they would only be repeated. */
export function nextCallback({ made, answer, now }: { made: number; answer: CallbackAnswer; now: Date }): NextCallback {
  if (answer.kind === "answered" && isSuccess(answer.status)) return { kind: "delivered" };
  if (answer.kind === "answered" && !isPassing(answer.status)) return { kind: "give-up", reason: "refused" };
  if (made > RETRIES_MAX) return { kind: "give-up", reason: "retries-exhausted" };
  return { kind: "retry", at: new Date(now.getTime() + RETRY_AFTER_MS) };
}

function isSuccess(status: number): boolean {
  return status >= SUCCESS.from && status <= SUCCESS.to;
}

function isPassing(status: number): boolean {
  return status >= SERVER_ERRORS_FROM || status === TOO_MANY_REQUESTS;
}
