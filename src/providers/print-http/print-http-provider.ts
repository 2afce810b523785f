/**
 * A printer that takes letters one by one over HTTP, each with its notification's id as reference: a letter that comes twice is one
 * letter, and the printer says 409 to the second. It tells us what became of each at the address that came with it.
 */
import type { Answer, Outbound } from "../../platform/http.ts";
import type { LetterMessage, LetterProvider, Outcome } from "../provider.ts";
import type { PrintHttpOptions } from "./options.ts";
import { writePrintJob } from "./print-job.ts";

const REQUEST_TIMEOUT_MS = 30_000;
const ANSWER_MAX_BYTES = 64 * 1024;
const WINDOW_SIZE = 8;
const CONFLICT = 409;
/** About us or the moment, not about this letter: sign in first, not allowed, too slow, too many. */
const RETRYABLE: ReadonlySet<number> = new Set([401, 403, 408, 425, 429]);
const SERVER_ERRORS_FROM = 500;

export function printHttpProvider(outbound: Outbound, options: PrintHttpOptions): LetterProvider {
  const windowSize = options.windowSize ?? WINDOW_SIZE;
  const underWay = new Set<Promise<Outcome>>();
  let isStarted = false;
  return {
    name: options.name,
    start: async (events) => {
      isStarted = true;
      events.availability(true, "ready");
    },
    stop: async () => {
      isStarted = false;
      await Promise.all(underWay); // each ends within the request's timeout
    },
    capacity: () => (isStarted ? Math.max(0, windowSize - underWay.size) : 0),
    send: (letter) => {
      const outcome = hand(outbound, options, letter).finally(() => underWay.delete(outcome));
      underWay.add(outcome);
      return outcome;
    },
  };
}

async function hand(outbound: Outbound, options: PrintHttpOptions, letter: LetterMessage): Promise<Outcome> {
  const { notificationId } = letter;
  const answer = await outbound.post(options.url, writePrintJob(letter, options.statusUrl(notificationId)), {
    headers: { "content-type": "application/json", "idempotency-key": notificationId, ...authorization(options) },
    timeoutMs: options.timeoutMs ?? REQUEST_TIMEOUT_MS,
    maxBytes: ANSWER_MAX_BYTES,
  });
  return outcomeOf(answer, notificationId);
}

function authorization({ token, user, password }: PrintHttpOptions): Record<string, string> {
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  if (user === undefined) return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${password ?? ""}`).toString("base64")}` };
}

/** A letter that was not heard to arrive is sent again: the printer knows it by its reference. */
function outcomeOf(answer: Answer, notificationId: string): Outcome {
  switch (answer.kind) {
    case "answered":
      return outcomeOfStatus(answer.status, notificationId);
    case "timeout":
      return { kind: "unavailable", reason: "the printer did not answer in time" };
    case "unreachable":
      return { kind: "unavailable", reason: answer.reason };
    case "refused-address":
      return { kind: "unavailable", reason: `the printer's address cannot be used: ${answer.reason}` };
  }
}

function outcomeOfStatus(status: number, notificationId: string): Outcome {
  const code = String(status);
  const isTaken = (status >= 200 && status < 300) || status === CONFLICT;
  if (isTaken) return { kind: "accepted", references: [notificationId] };
  const isLater = RETRYABLE.has(status) || status >= SERVER_ERRORS_FROM || status < 400;
  return { kind: isLater ? "unavailable" : "refused", reason: `the printer answered ${code}`, code };
}
