/** Every message is of a template. What has none of anybody's has a hidden one of its service, which stands for all of its kind. */
import { createHash } from "node:crypto";
import type { Database } from "../platform/db.ts";
import type { Channel } from "../records/services/service.ts";
import { NO_LETTER_PARTS } from "../records/templates/template.ts";
import { insertTemplateOnce, MADE_BY_PENNYPOST } from "../records/templates/template-write-store.ts";

export interface HiddenTemplate {
  /** What it stands for, the same for ever: its id is made of it. */
  purpose: string;
  channel: Channel;
  name: string;
  subject?: string;
  body: string;
}

const KNOWN_MAX = 10_000;

/** Those this process has seen, by their database: to look again for every message would cost a transaction. */
const known = new WeakMap<Database, Set<string>>();

/** Made when a service first needs it; several processes at once make one. Its version is always 1. */
export async function ensureHiddenTemplate(db: Database, serviceId: string, template: HiddenTemplate): Promise<string> {
  const { purpose, channel, name, subject, body } = template;
  const id = hiddenTemplateId(purpose, serviceId);
  const seen = known.get(db) ?? new Set();
  if (seen.has(id)) return id;
  const words = { name, subject, body, hasUnsubscribeLink: false, ...NO_LETTER_PARTS };
  await db.transaction((tx) =>
    insertTemplateOnce(tx, { ...words, id, serviceId, channel, isHidden: true, createdBy: MADE_BY_PENNYPOST }),
  );
  if (seen.size >= KNOWN_MAX) seen.clear();
  known.set(db, seen.add(id));
  return id;
}

/** Always the same for a service, so that it is found without being looked for (a UUID of version 8, RFC 9562 §5.8). */
function hiddenTemplateId(purpose: string, serviceId: string): string {
  const bytes = createHash("sha256").update(`${purpose} of ${serviceId}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
