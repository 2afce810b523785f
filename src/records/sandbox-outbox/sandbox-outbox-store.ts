/** What the sandbox's phone and mailbox have received, kept for a short time and sealed like the real thing. */
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
  channel: "sms" | "email" | "callback";
  to: string;
  from: string;
  subject?: string;
  text: string;
  html?: string;
  /** Parts of a text; headers of an email. */
  parts?: number;
  headers?: Record<string, string>;
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

/** The newest messages, of one recipient (as sent to: digits of a number, an address) or of all. */
export async function listSandboxMessages(
  db: Db,
  keys: SandboxKeys,
  wanted: { recipient?: string; limit: number },
): Promise<KeptSandboxMessage[]> {
  const index = wanted.recipient === undefined ? null : blindIndex(keys.index, wanted.recipient);
  const rows = await db.query<{ id: string; sealedMessage: Buffer }>`
    select o.id, o.sealed_message from sandbox_outbox o
    where ${index}::bytea is null or o.recipient_index = ${index}
    order by o.id desc limit ${wanted.limit}`;
  return rows.map((row) => {
    const message = open({ key: keys.seal, belongsTo: belonging(row.id) }, row.sealedMessage).toString();
    return { ...(JSON.parse(message) as SandboxMessage), id: row.id, at: timeOfId(row.id) };
  });
}

function belonging(id: string): string {
  return `sandbox_outbox:${id}`;
}
