/** What the sandbox can be told to do while it runs: by the admin, the command line, a test. Orders go over a channel of the database. */
import type { Db } from "../../platform/db.ts";

export const SANDBOX_CHANNEL = "pennypost_sandbox";

export type SandboxOrder =
  /** Someone with a phone writes to a number of ours. */
  | { kind: "reply"; from: string; to: string; text: string }
  /** Whoever got a chat message, by its id here, writes in the app it came by. */
  | { kind: "chat-reply"; messageId: string; text: string }
  /** A letter, by its message's id, comes back from the post. */
  | { kind: "letter-return"; messageId: string }
  /** What is to go wrong from now on; what is not named stays as it is. */
  | { kind: "carrier-faults" | "mailbox-faults" | "print-shop-faults"; faults: Record<string, unknown> };

/** Tells whichever process runs the sandbox; nobody hears it where none does. */
export async function orderSandbox(db: Db, order: SandboxOrder): Promise<void> {
  await db.query`select pg_notify(${SANDBOX_CHANNEL}, ${JSON.stringify(order)})`;
}
