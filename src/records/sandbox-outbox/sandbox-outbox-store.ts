/** What the sandbox's phone, mailbox, letterbox and listening system have received, kept for a short time and sealed like the real thing. */
import type { Db } from "../../platform/db.ts";
import { newId, timeOfId } from "../../platform/ids.ts";
import { blindIndex, deriveKey, type MasterKey, open, seal } from "../../platform/sealing.ts";

const SANDBOX_PURPOSE = "sandbox outbox";

export interface SandboxKeys {
  seal: Buffer;
  index: Buffer;
}

export interface SandboxMessage {
  /** `callback`: what a service was told, at the address `to`. */
  channel: "sms" | "email" | "letter" | "chat" | "callback";
  /** Of a chat message: the app it came by. */
  app?: string;
  to: string;
  from: string;
  subject?: string;
  text: string;
  html?: string;
  /** In base64, of a letter. */
  pdf?: string;
  pages?: number;
  /** Where the sender of a letter or a chat message hears what became of it, and by which reference. */
  status?: { url: string | undefined; reference: string };
  /** Parts of a text; headers of an email. */
  parts?: number;
  headers?: Record<string, string>;
  /** Written on the demonstration phone, or in one of its apps: from it, not to it. */
  isFromPhone?: boolean;
}

export interface KeptSandboxMessage extends SandboxMessage {
  id: string;
  at: Date;
}

export function sandboxKeys(master: MasterKey): SandboxKeys {
  return { seal: deriveKey(master, SANDBOX_PURPOSE), index: deriveKey(master, `${SANDBOX_PURPOSE} index`) };
}

export async function insertSandboxMessages(
  db: Db,
  keys: SandboxKeys,
  messages: readonly SandboxMessage[],
): Promise<void> {
  if (messages.length === 0) return;
  const ids = messages.map(() => newId());
  await db.query`
    insert into sandbox_outbox (id, channel, recipient_index, sealed_message)
    select m.id, m.channel, m.recipient_index, m.sealed_message
    from unnest(
      ${ids}::uuid[], ${messages.map((message) => message.channel)}::text[],
      ${messages.map((message) => blindIndex(keys.index, message.to))}::bytea[],
      ${messages.map((message, i) => seal({ key: keys.seal, belongsTo: belonging(ids[i] ?? "") }, JSON.stringify(message)))}::bytea[]
    ) as m (id, channel, recipient_index, sealed_message)`;
}

/** The newest messages, of one recipient (as sent to: digits of a number, an address) or of all, of one channel or of all. */
export async function listSandboxMessages(
  db: Db,
  keys: SandboxKeys,
  wanted: { recipient?: string; channel?: SandboxMessage["channel"]; limit: number },
): Promise<KeptSandboxMessage[]> {
  const index = wanted.recipient === undefined ? null : blindIndex(keys.index, wanted.recipient);
  const channel = wanted.channel ?? null;
  const rows = await db.query<SealedRow>`
    select o.id, o.sealed_message from sandbox_outbox o
    where (${index}::bytea is null or o.recipient_index = ${index}) and (${channel}::text is null or o.channel = ${channel})
    order by o.id desc limit ${wanted.limit}`;
  return rows.map((row) => openMessage(keys, row));
}

export async function findSandboxMessage(
  db: Db,
  keys: SandboxKeys,
  id: string,
): Promise<KeptSandboxMessage | undefined> {
  const [row] = await db.query<SealedRow>`select o.id, o.sealed_message from sandbox_outbox o where o.id = ${id}`;
  return row && openMessage(keys, row);
}

/** Of the latest message of any kind: it changes when something came. */
export async function findNewestSandboxId(db: Db): Promise<string | undefined> {
  const [row] = await db.query<{ id: string }>`select o.id from sandbox_outbox o order by o.id desc limit 1`;
  return row?.id;
}

interface SealedRow {
  id: string;
  sealedMessage: Buffer;
}

function openMessage(keys: SandboxKeys, { id, sealedMessage }: SealedRow): KeptSandboxMessage {
  const message = open({ key: keys.seal, belongsTo: belonging(id) }, sealedMessage).toString();
  return { ...(JSON.parse(message) as SandboxMessage), id, at: timeOfId(id) };
}

function belonging(id: string): string {
  return `sandbox_outbox:${id}`;
}
