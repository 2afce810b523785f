/** A service's suppression list as people and systems work on it: added to, looked at, and released from. */
import type { DispatchedChannel } from "../../core/channels/channels.ts";
import { Refusal } from "../../core/refusal.ts";
import { open } from "../../platform/sealing.ts";
import type { Service } from "../../records/services/service.ts";
import { sealedAt } from "../../records/services/service-store.ts";
import type { StoredSuppression, Suppression } from "../../records/suppressions/suppression.ts";
import {
  deleteSuppression,
  findSuppression,
  listSuppressions,
  listSuppressionsOf,
} from "../../records/suppressions/suppression-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import type { Recipient } from "../intake/send-request.ts";
import { indexOf, type SuppressionWish, suppress } from "./suppress.ts";

const READ_AT_ONCE = 1_000;

type Reader = Pick<App, "db">;
type Keeper = Pick<App, "db" | "keys" | "clock" | "services">;
type Owner = Pick<Service, "id" | "dataKey">;

/** Adds all of them or, should that fail, none; answers how many are new. The audit log counts them, and does not name them. */
export async function addSuppressions(
  app: Keeper,
  actor: Actor,
  { service, wishes }: { service: Owner; wishes: readonly SuppressionWish[] },
): Promise<{ added: number }> {
  const added = await app.db.transaction(async (tx) => {
    const ids = await suppress(app, tx, { service, wishes });
    const reasons = [...new Set(wishes.map(({ reason }) => reason))].sort();
    const deed = { serviceId: service.id, action: "suppressions.added", subject: "suppression list" };
    if (ids.length > 0) await recordDeed(tx, actor, { ...deed, after: { recipients: ids.length, reasons } });
    return ids.length;
  });
  app.services.forget(service.id);
  return { added };
}

export async function releaseSuppression(
  app: Keeper,
  actor: Actor,
  { service, id }: { service: Owner; id: string },
): Promise<void> {
  await app.db.transaction(async (tx) => {
    const released = await deleteSuppression(tx, { serviceId: service.id, id });
    if (!released) throw notThere();
    const { channel, reason } = released;
    const deed = { serviceId: service.id, action: "suppressions.released", subject: `suppression ${id}` };
    await recordDeed(tx, actor, { ...deed, before: { channel, reason } });
  });
  app.services.forget(service.id);
}

export interface SuppressionPage {
  channel?: DispatchedChannel | undefined;
  olderThan?: string | undefined;
  limit: number;
}

/** The newest first. */
export async function readSuppressions(app: Reader, service: Owner, page: SuppressionPage): Promise<Suppression[]> {
  const stored = await listSuppressions(app.db, { serviceId: service.id, ...page });
  return stored.map((entry) => opened(service, entry));
}

/** All of them, some at a time: a list has no limit. */
export async function* readAllSuppressions(app: Reader, service: Owner): AsyncGenerator<Suppression[]> {
  let olderThan: string | undefined;
  do {
    const page = await readSuppressions(app, service, { olderThan, limit: READ_AT_ONCE });
    yield page;
    olderThan = page.length === READ_AT_ONCE ? page.at(-1)?.id : undefined;
  } while (olderThan !== undefined);
}

export async function getSuppression(app: Reader, service: Owner, id: string): Promise<Suppression> {
  const stored = await findSuppression(app.db, { serviceId: service.id, id });
  if (!stored) throw notThere();
  return opened(service, stored);
}

/** The entries of these recipients, in their order; undefined for who has none. */
export async function findSuppressionsOf(
  app: Pick<App, "db" | "keys">,
  service: Owner,
  recipients: readonly Recipient[],
): Promise<(Suppression | undefined)[]> {
  const known = new Map<string, Suppression>();
  for (const channel of ["sms", "email"] as const) {
    const ofChannel = recipients.filter((recipient) => recipient.channel === channel);
    if (ofChannel.length === 0) continue;
    const recipientIndexes = ofChannel.map((recipient) => indexOf(app, recipient));
    const stored = await listSuppressionsOf(app.db, { serviceId: service.id, channel, recipientIndexes });
    for (const { recipientIndex, ...entry } of stored)
      known.set(`${channel} ${recipientIndex.toString("hex")}`, opened(service, entry));
  }
  return recipients.map((one) => known.get(`${one.channel} ${indexOf(app, one).toString("hex")}`));
}

function opened({ dataKey }: Owner, { sealedRecipient, ...entry }: StoredSuppression): Suppression {
  const belongsTo = sealedAt.suppression(entry.id);
  return { ...entry, recipient: open({ key: dataKey, belongsTo }, sealedRecipient).toString() };
}

function notThere(): Refusal {
  return new Refusal("not-found", "No result found");
}
