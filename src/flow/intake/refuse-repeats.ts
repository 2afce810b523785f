/** The guard against texts that repeat: a loop in somebody's system, or a button that is pressed too often. Networks block such numbers. */
import { Refusal } from "../../core/refusal.ts";
import { blindIndex } from "../../platform/sealing.ts";
import { countRepeat } from "../../records/limits/repeat-store.ts";
import type { App } from "../app.ts";
import { normalisedRecipient } from "./recipient.ts";
import { keyKindOf, type SendRequest } from "./send-request.ts";
import { isSimulated } from "./simulated.ts";

const HOUR_MS = 3_600_000;
const ANY_WORDS = Buffer.alloc(0);

/** Costs nothing where no limit is set. The same words are counted first, so that a loop does not use up the number for other texts. */
export async function refuseIfRepeated(
  app: Pick<App, "db" | "keys" | "clock">,
  request: SendRequest,
  body: string,
): Promise<void> {
  const { service, recipient } = request;
  const { same, any } = service.repeatLimits;
  if ((same === 0 && any === 0) || recipient.channel !== "sms") return;
  if (keyKindOf(request) === "test" || isSimulated(recipient)) return;
  const now = app.clock.now();
  const recipientIndex = blindIndex(app.keys.searchIndex, normalisedRecipient(recipient));
  const count = (limit: number, contentIndex: Buffer) =>
    countRepeat(app.db, {
      ...{ serviceId: service.id, recipientIndex, contentIndex, limit, now },
      since: new Date(now.getTime() - HOUR_MS),
    });
  if (same > 0 && !(await count(same, blindIndex(app.keys.searchIndex, `words ${body}`))))
    throw tooMany(`The same text was sent to this number ${times(same)} in the last hour: your service allows no more`);
  if (any > 0 && !(await count(any, ANY_WORDS)))
    throw tooMany(`Texts were sent to this number ${times(any)} in the last hour: your service allows no more`);
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}

function tooMany(message: string): Refusal {
  return new Refusal("bad-request", message);
}
