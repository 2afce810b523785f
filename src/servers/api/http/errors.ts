/** Refusals and failures in the words of Notify's API: `{"status_code", "errors": [{"error", "message"}]}`, and its older form. */
import { Refusal, type RefusalKind } from "../../../core/refusal.ts";
import { isDatabaseAway } from "../../../platform/db.ts";
import type { Log } from "../../../platform/log.ts";
import type { Checked } from "../schema/checker.ts";
import { type Answer, json, withHeaders } from "./answer.ts";

const RETRY_AFTER_SECONDS = 1;
const STACK_FRAMES_LOGGED = 3;

const UNKNOWN_URL =
  "The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.";
const WRONG_METHOD = "The method is not allowed for the requested URL.";
const NO_RESULT = "No result found";
const FAILED = "Internal server error";
const AWAY = "Pennypost cannot take this at the moment; try again";

/** How each kind of refusal is told: its status, and the name that programs go by. */
const TOLD_AS: Record<RefusalKind, readonly [status: number, error: string]> = {
  "bad-request": [400, "BadRequestError"],
  invalid: [400, "ValidationError"],
  "invalid-phone": [400, "InvalidPhoneError"],
  unauthenticated: [401, "AuthError"],
  "not-authorised": [403, "AuthError"],
  "pdf-not-ready": [400, "PDFNotReadyError"],
  forbidden: [403, "BadRequestError"],
  "not-found": [404, "NoResultFound"],
  suppressed: [400, "BadRequestError"],
  "not-verified": [400, "VerificationError"],
  conflict: [409, "IdempotencyKeyError"],
  "rate-limited": [429, "RateLimitError"],
  "limit-reached": [429, "TooManyRequestsError"],
  "not-covered": [402, "BalanceError"],
  unavailable: [503, "ServiceUnavailable"],
};

/** A request that does not have the form it must have: everything that is wrong with it. */
export class InvalidRequest extends Error {
  readonly messages: readonly string[];

  constructor(messages: readonly string[]) {
    super("the request does not have the form it must have");
    this.messages = messages;
  }
}

/** More bytes than any request needs. */
export class BodyTooLarge extends Error {}

/** What was checked, or the refusal with all that is wrong with it. */
export function getValid<T>(checked: Checked<T>): T {
  if (checked.kind === "invalid") throw new InvalidRequest(checked.messages);
  return checked.value;
}

export function notFound(): Refusal {
  return new Refusal("not-found", NO_RESULT);
}

/** Puts whatever an endpoint threw into an answer. Only what nobody expected is logged, without the data it was about. */
export function answerError(error: unknown, { log, where }: { log: Log; where: string }): Answer {
  if (error instanceof Refusal) return answerRefusal(error);
  if (error instanceof InvalidRequest) return answerInvalid(error);
  if (error instanceof BodyTooLarge) return v2Error(413, "BodyTooLargeError", error.message);
  if (isDatabaseAway(error)) return tryLater(v2Error(503, "ServiceUnavailable", AWAY), RETRY_AFTER_SECONDS);
  log.error("api.failed", { where, ...traceOf(error) });
  return v2Error(500, error instanceof Error ? error.constructor.name : "Exception", FAILED);
}

/** The form of errors outside the v2 routes, and of addresses that nothing answers at. */
function plainError(status: number, message: string): Answer {
  return json(status, { result: "error", message });
}

export function unknownUrl(): Answer {
  return plainError(404, UNKNOWN_URL);
}

/** RFC 9110 §15.5.6: says which methods there are. */
export function wrongMethod(allow: string): Answer {
  return withHeaders(plainError(405, WRONG_METHOD), "Allow", allow);
}

export function tryLater(answer: Answer, seconds: number): Answer {
  return withHeaders(answer, "Retry-After", String(seconds));
}

function v2Error(status: number, error: string, message: string): Answer {
  return json(status, { status_code: status, errors: [{ error, message }] });
}

function answerRefusal({ kind, message, details, retryAfterSeconds }: Refusal): Answer {
  const [status, error] = TOLD_AS[kind];
  const answer = json(status, { status_code: status, errors: [{ error, message, ...details }] });
  return retryAfterSeconds === undefined ? answer : tryLater(answer, retryAfterSeconds);
}

function answerInvalid({ messages }: InvalidRequest): Answer {
  const [status, error] = TOLD_AS.invalid;
  return json(status, { status_code: status, errors: messages.map((message) => ({ error, message })) });
}

/** Where it happened. Messages stay out: those of the database quote values. */
function traceOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = error.stack?.split("\n").filter((line) => line.startsWith("    at ")) ?? [];
  const { code } = error as { code?: unknown };
  return { error: error.constructor.name, code, at: frames.slice(0, STACK_FRAMES_LOGGED).map((line) => line.trim()) };
}
