/** Ways into a running product beside its API: its command line, its database, the phone of its sandbox. */
import { type Keys, openInstallation } from "../../src/cli/connect.ts";
import { readConfig } from "../../src/config.ts";
import type { Database } from "../../src/platform/db.ts";
import { silentLog } from "../../src/platform/log.ts";
import { orderSandbox, type SandboxOrder } from "../../src/records/sandbox-outbox/sandbox-order.ts";
import {
  type KeptSandboxMessage,
  listSandboxMessages,
  sandboxKeys,
} from "../../src/records/sandbox-outbox/sandbox-outbox-store.ts";
import { type Product, pennypost } from "./product.ts";

const CONNECTIONS_MAX = 2;
const OUTBOX_MESSAGES_MAX = 1_000;

/** Sets things up as an operator does, with `pennypost apply`. */
export async function declare(product: Product, declaration: Record<string, unknown>): Promise<void> {
  const { status, stderr } = await pennypost(product.environment, ["apply", "-"], JSON.stringify(declaration));
  if (status !== 0) throw new Error(`apply failed: ${stderr}`);
}

export interface Doors {
  db: Database;
  /** The master key, and what is made of it. */
  keys: Keys;
  /** Tells the sandbox what to do. */
  order(order: SandboxOrder): Promise<void>;
  /** What reached this recipient in the sandbox, newest first. */
  outboxOf(recipient: string): Promise<KeptSandboxMessage[]>;
  close(): Promise<void>;
}

/** Only while the product runs: its database is joined, not started. */
export async function openDoors(product: Product): Promise<Doors> {
  const options = { log: silentLog, role: "test", maxConnections: CONNECTIONS_MAX };
  const { db, keys, stop } = await openInstallation(readConfig(product.environment), options);
  return {
    ...{ db, keys },
    order: (order) => orderSandbox(db, order),
    outboxOf: (recipient) =>
      listSandboxMessages(db, sandboxKeys(keys.master), { recipient, limit: OUTBOX_MESSAGES_MAX }),
    close: stop,
  };
}
