/**
 * Whoever opens a link gives the address it was sent to, where the service wants that. Who has done so is given signed data to show for
 * a month, so that a link which was passed on, or read over a shoulder, is not enough.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { EmailAddress } from "../../core/email/parse-email-address.ts";
import { countTry } from "../../records/throttles/throttle-store.ts";
import type { App } from "../app.ts";
import type { OpenDocument } from "./read-document.ts";
import { isRecipient } from "./recipient-proof.ts";

const TRIES_MAX = 50;
const TRIES_WITHIN_SECONDS = 300;
export const CONFIRMED_FOR_SECONDS = 30 * 86_400;

const MS_PER_SECOND = 1_000;
const SIGNED = /^(\d{1,12})\.([\w-]{43})$/;

export type Confirmation =
  | { kind: "confirmed"; signedData: string }
  | { kind: "not-the-recipient" }
  | { kind: "too-many-tries"; retryAfterSeconds: number };

type Confirming = Pick<App, "db" | "keys" | "clock">;

/** Of a document that asks for an address; one that asks for none is nobody's to confirm. */
export async function confirmReader(
  app: Confirming,
  { document: { id, recipientHash } }: OpenDocument,
  address: EmailAddress,
): Promise<Confirmation> {
  const throttle = { triesMax: TRIES_MAX, windowSeconds: TRIES_WITHIN_SECONDS, now: app.clock.now() };
  const retryAfterSeconds = await countTry(app.db, { key: keyedHash(app, "tries", id), ...throttle });
  if (retryAfterSeconds !== undefined) return { kind: "too-many-tries", retryAfterSeconds };
  if (recipientHash === undefined || !(await isRecipient(recipientHash, address))) return { kind: "not-the-recipient" };
  return { kind: "confirmed", signedData: sign(app, id) };
}

/** Whether the file may be given to who shows this. */
export function mayRead(
  app: Pick<App, "keys" | "clock">,
  { document: { id, recipientHash } }: OpenDocument,
  signedData: string | undefined,
): boolean {
  if (recipientHash === undefined) return true;
  const [, until = "", signature = ""] = SIGNED.exec(signedData ?? "") ?? [];
  const isOurs = timingSafeEqual(signatureOf(app, id, until), padded(signature));
  return isOurs && Number(until) * MS_PER_SECOND > app.clock.now().getTime();
}

function sign(app: Pick<App, "keys" | "clock">, id: string): string {
  const until = String(Math.floor(app.clock.now().getTime() / MS_PER_SECOND) + CONFIRMED_FOR_SECONDS);
  return `${until}.${signatureOf(app, id, until).toString("base64url")}`;
}

function signatureOf(app: Pick<App, "keys">, id: string, until: string): Buffer {
  return keyedHash(app, "access", `${id} ${until}`);
}

/** Of the length a signature has, whatever came. */
function padded(signature: string): Buffer {
  return Buffer.concat([Buffer.from(signature, "base64url"), Buffer.alloc(32)]).subarray(0, 32);
}

/** A key of its own for each purpose, so that nothing signed for one is good for another. */
function keyedHash({ keys }: Pick<App, "keys">, purpose: "tries" | "access", text: string): Buffer {
  const key = createHmac("sha256", keys.links).update(`documents ${purpose}`).digest();
  return createHmac("sha256", key).update(text).digest();
}
