/**
 * The one error that says "no, because". Everything below the servers refuses with it, in our words; each server says it
 * in its own language (the API as status and error name, SMPP as a command status, SMTP as a reply code, the admin as the form again).
 *
 *     throw new Refusal("bad-request", "Template not found");
 */
export type RefusalKind =
  | "bad-request" // what was asked cannot be done as asked
  | "pdf-not-ready" // a letter's PDF has yet to be made, or to be looked through
  | "invalid" // a field does not have the form it must have
  | "invalid-phone" // a number of a sort this service may not send to
  | "unauthenticated" // nobody said who is asking
  | "not-authorised" // who is asking may not
  | "forbidden" // this key or service may never do this
  | "not-found"
  | "suppressed" // whoever it is for is not to be sent to
  | "not-verified" // a code does not prove what it was to prove
  | "conflict" // the same idempotency key was used for something else
  | "rate-limited" // too many in a short time
  | "limit-reached" // too many today
  | "not-covered" // the balance it is paid from does not cover it
  | "unavailable"; // we cannot take it now; the same request may succeed later

export class Refusal extends Error {
  readonly kind: RefusalKind;
  /** Set when waiting helps: seconds after which the same request may be accepted. */
  readonly retryAfterSeconds: number | undefined;
  /** What a program may want to know beside the words. */
  readonly details: RefusalDetails;

  constructor(
    kind: RefusalKind,
    message: string,
    { retryAfterSeconds, details = {} }: { retryAfterSeconds?: number; details?: RefusalDetails } = {},
  ) {
    super(message);
    this.name = "Refusal";
    this.kind = kind;
    this.retryAfterSeconds = retryAfterSeconds;
    this.details = details;
  }
}

type RefusalDetails = Readonly<Record<string, string | number>>;

/** Proof for the compiler that a switch has handled every kind. */
export function impossible(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
