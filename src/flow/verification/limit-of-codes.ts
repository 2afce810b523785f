/** The limit of codes to one recipient: whoever asks for them, and by whichever way they go. */
import { Refusal } from "../../core/refusal.ts";
import { blindIndex } from "../../platform/sealing.ts";
import { countTry, takeTryBack } from "../../records/throttles/throttle-store.ts";
import type { App } from "../app.ts";
import { normalisedRecipient } from "../intake/recipient.ts";
import { isSimulated } from "../intake/simulated.ts";
import { type CodeToSend, recipientOf } from "./send-code.ts";

/** Codes to one recipient from one service: beyond that somebody plays tricks on its owner, or on whoever pays. */
const CODES_MAX = 10;
const CODES_WINDOW_SECONDS = 3_600;

type Code = Pick<CodeToSend, "service" | "key" | "wish" | "channel">;

/** Sends a code that counts; one that was not sent in the end, for whatever reason, counts as none. Test keys send to nobody. */
export async function withinLimitOfCodes<T>(
  { db, keys, clock }: Pick<App, "db" | "keys" | "clock">,
  { service, key, wish, channel }: Code,
  send: () => Promise<T>,
): Promise<T> {
  const recipient = recipientOf(wish, channel);
  if (key.kind === "test" || isSimulated(recipient)) return send();
  const limit = {
    key: blindIndex(keys.searchIndex, `codes of ${service.id} to ${normalisedRecipient(recipient)}`),
    triesMax: CODES_MAX,
    windowSeconds: CODES_WINDOW_SECONDS,
    now: clock.now(),
  };
  const wait = await countTry(db, limit);
  if (wait !== undefined) throw tooMany(wait);
  try {
    return await send();
  } catch (error) {
    await takeTryBack(db, limit.key).catch(() => undefined); // while the database is away; it ends within the hour
    throw error;
  }
}

function tooMany(retryAfterSeconds: number): Refusal {
  const message = `Too many codes were sent to this recipient: no more than ${CODES_MAX} in an hour`;
  return new Refusal("rate-limited", message, { retryAfterSeconds });
}
