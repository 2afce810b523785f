/** The guard against texts that repeat: a loop in somebody's system, or a button that is pressed too often. Networks block such numbers. */
import { Refusal } from "../../core/refusal.ts";
import { blindIndex } from "../../platform/sealing.ts";
import { findReached, type Repeat } from "../../records/limits/repeat-store.ts";
import type { App } from "../app.ts";
import { normalisedRecipient } from "./recipient.ts";
import { keyKindOf, type SendRequest } from "./send-request.ts";
import { isSimulated } from "./simulated.ts";

/** What a text counts towards in its flight: nothing where no limit is set. */
export function repeatsOf({ keys, clock }: Pick<App, "keys" | "clock">, request: SendRequest, body: string): Repeat[] {
  const { service, recipient } = request;
  const { same, any } = service.repeatLimits;
  if ((same === 0 && any === 0) || recipient.channel !== "sms") return [];
  if (keyKindOf(request) === "test" || isSimulated(recipient)) return [];
  const text = {
    serviceId: service.id,
    recipientIndex: blindIndex(keys.searchIndex, normalisedRecipient(recipient)),
    sentAt: clock.now(),
  };
  const contentIndex = blindIndex(keys.searchIndex, `words ${body}`);
  return [
    ...(same > 0 ? [{ ...text, contentIndex, ceiling: same }] : []),
    ...(any > 0 ? [{ ...text, contentIndex: undefined, ceiling: any }] : []),
  ];
}

/** Refuses what is known to be too many before it boards, so that a loop never holds others' flights up. */
export async function refuseIfRepeated({ db }: Pick<App, "db">, repeats: readonly Repeat[]): Promise<void> {
  if (repeats.length === 0) return;
  const reached = await findReached(db, repeats);
  if (reached) throw tooManyRepeats(reached);
}

export function tooManyRepeats({ contentIndex, ceiling }: Repeat): Refusal {
  return new Refusal(
    "bad-request",
    contentIndex
      ? `The same text was sent to this number ${times(ceiling)} in the last hour: your service allows no more`
      : `Texts were sent to this number ${times(ceiling)} in the last hour: your service allows no more`,
  );
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
