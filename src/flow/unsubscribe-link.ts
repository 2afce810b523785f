/**
 * Links with which recipients unsubscribe from emails (RFC 8058). A link carries what it needs, sealed and so signed: it works for a
 * year, whatever has become of the notification meanwhile, and says nothing to whoever reads it.
 */
import { createHmac } from "node:crypto";
import { open, type SealContext, seal } from "../platform/sealing.ts";
import type { Notification } from "../records/notifications/notification.ts";
import type { Service } from "../records/services/service.ts";
import type { App } from "./app.ts";

const VALID_MS = 365 * 86_400_000;
const MS_PER_SECOND = 1_000;
const TOKEN_MAX_CHARACTERS = 1_000;
/** A token is `notification (16) | service (16) | template (16) | seconds since 1970 (4) | recipient`, sealed. */
const UUID_BYTES = 16;
const TIME_AT = 3 * UUID_BYTES;
const RECIPIENT_AT = TIME_AT + 4;

export interface UnsubscribableEmail {
  service: Pick<Service, "id">;
  notification: Pick<Notification, "id" | "templateId">;
  /** The address it goes to. */
  recipient: string;
  /** Where this installation is reached, when the caller knows better than the configuration. */
  origin?: string;
}

export interface UnsubscribeToken {
  notificationId: string;
  serviceId: string;
  templateId: string;
  recipient: string;
}

/** The link for one email; undefined while nobody has said where this installation is reached. */
export function unsubscribeUrl(
  app: Pick<App, "keys" | "clock" | "origins">,
  { service, notification, recipient, origin = app.origins.api ?? app.origins.own }: UnsubscribableEmail,
): string | undefined {
  if (origin === undefined) return undefined;
  const head = Buffer.alloc(RECIPIENT_AT);
  [notification.id, service.id, notification.templateId].forEach((id, index) => {
    head.write(id.replaceAll("-", ""), index * UUID_BYTES, "hex");
  });
  head.writeUInt32BE(Math.floor(app.clock.now().getTime() / MS_PER_SECOND), TIME_AT);
  const token = seal(sealOfLinks(app), Buffer.concat([head, Buffer.from(recipient)])).toString("base64url");
  return `${origin}/unsubscribe/${notification.id}/${token}`;
}

/** What a token says; undefined when it is not ours, was changed, or is more than a year old. */
export function parseUnsubscribeToken(app: Pick<App, "keys" | "clock">, token: string): UnsubscribeToken | undefined {
  const opened = token.length > TOKEN_MAX_CHARACTERS ? undefined : openToken(app, token);
  if (opened === undefined || opened.length < RECIPIENT_AT) return undefined;
  const madeAtMs = opened.readUInt32BE(TIME_AT) * MS_PER_SECOND;
  if (app.clock.now().getTime() - madeAtMs > VALID_MS) return undefined;
  return {
    notificationId: uuidAt(opened, 0),
    serviceId: uuidAt(opened, UUID_BYTES),
    templateId: uuidAt(opened, 2 * UUID_BYTES),
    recipient: opened.toString("utf8", RECIPIENT_AT),
  };
}

function openToken(app: Pick<App, "keys">, token: string): Buffer | undefined {
  try {
    return open(sealOfLinks(app), Buffer.from(token, "base64url"));
  } catch {
    return undefined;
  }
}

/** A key of its own, so that no other signed link can be taken for one of these. */
function sealOfLinks({ keys }: Pick<App, "keys">): SealContext {
  const key = createHmac("sha256", keys.links).update("unsubscribe links").digest();
  return { key, belongsTo: "unsubscribe link" };
}

function uuidAt(bytes: Buffer, start: number): string {
  const hex = bytes.toString("hex", start, start + UUID_BYTES);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
