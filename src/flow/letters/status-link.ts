/** Where a printer tells us what became of one letter: a link that is signed for it, since a printer has no other way to prove itself. */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { App } from "../app.ts";

const STATUS_PATH = "/notifications/letter/status";
const TOKEN = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([A-Za-z0-9_-]{43})$/;

export function letterStatusUrl(app: Pick<App, "keys">, notificationId: string, origin: string): string {
  const token = `${notificationId}.${signatureOf(app, notificationId)}`;
  return `${origin}${STATUS_PATH}?token=${token}`;
}

/** The letter a token was made for; undefined when we did not make it. */
export function readStatusToken(app: Pick<App, "keys">, token: string): string | undefined {
  const [, notificationId = "", signature = ""] = TOKEN.exec(token) ?? [];
  const expected = Buffer.from(signatureOf(app, notificationId));
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected) ? notificationId : undefined;
}

/** A key of its own, so that no other signed link can be taken for one of these. */
function signatureOf({ keys }: Pick<App, "keys">, notificationId: string): string {
  const key = createHmac("sha256", keys.links).update("letter status links").digest();
  return createHmac("sha256", key).update(notificationId).digest("base64url");
}
