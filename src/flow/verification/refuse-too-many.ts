/** The limit of codes to one recipient: whoever asks for them, and by whichever way they go. */
import { Refusal } from "../../core/refusal.ts";
import { blindIndex } from "../../platform/sealing.ts";
import { countTry } from "../../records/throttles/throttle-store.ts";
import type { App } from "../app.ts";
import { normalisedRecipient } from "../intake/recipient.ts";
import { isSimulated } from "../intake/simulated.ts";
import { type CodeToSend, recipientOf } from "./send-code.ts";

/** Codes to one recipient from one service: beyond that somebody plays tricks on its owner, or on whoever pays. */
const CODES_MAX = 10;
const CODES_WINDOW_SECONDS = 3_600;

/** Counts the code that is about to be sent. Test keys send to nobody, and simulated recipients are nobody. */
export async function refuseIfTooMany(
  { db, keys, clock }: Pick<App, "db" | "keys" | "clock">,
  { service, key, wish, channel }: Pick<CodeToSend, "service" | "key" | "wish" | "channel">,
): Promise<void> {
  const recipient = recipientOf(wish, channel);
  if (key.kind === "test" || isSimulated(recipient)) return;
  const wait = await countTry(db, {
    key: blindIndex(keys.searchIndex, `codes of ${service.id} to ${normalisedRecipient(recipient)}`),
    triesMax: CODES_MAX,
    windowSeconds: CODES_WINDOW_SECONDS,
    now: clock.now(),
  });
  if (wait === undefined) return;
  const message = `Too many codes were sent to this recipient: no more than ${CODES_MAX} in an hour`;
  throw new Refusal("rate-limited", message, { retryAfterSeconds: wait });
}
