/** Pools: senders that share the texts of a service. */
import { Refusal } from "../../core/refusal.ts";
import type { SenderPool } from "../../core/senders/choose-text-sender.ts";
import { violatedUniqueConstraint } from "../../platform/db.ts";
import { newRandomId } from "../../platform/ids.ts";
import {
  archiveSenderPool,
  insertSenderPool,
  listSenderPools,
  updateSenderPool,
} from "../../records/senders/sender-pool-store.ts";
import { listTextSenders } from "../../records/senders/text-sender-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import { fieldRefusal } from "../form-refusal.ts";
import type { Keeper } from "./text-senders.ts";

export const POOL_SENDERS = { min: 2, max: 20 } as const;
const POOLS_MAX = 20;
export const POOL_NAME_MAX_CHARACTERS = 60;

/** Without an id it is a new one. Fields: `name`, `senderIds`. Answers its id, by which a message may ask for it. */
export async function savePool(
  app: Keeper,
  actor: Actor,
  { serviceId, id, ...form }: Omit<SenderPool, "id"> & { serviceId: string; id?: string | undefined },
): Promise<string> {
  const pool = { ...form, name: form.name.trim(), id: id ?? newRandomId() };
  refuseWrong(pool);
  await changing(app, serviceId, async (tx) => {
    const senders = await listTextSenders(tx, serviceId);
    if (pool.senderIds.some((one) => !senders.some((sender) => sender.id === one))) throw notThere();
    const all = await listSenderPools(tx, serviceId);
    const before = all.find((one) => one.id === id);
    if (id && !before) throw notThere();
    if (!before && all.length >= POOLS_MAX)
      throw new Refusal("bad-request", `A service has up to ${POOLS_MAX} groups of senders`);
    await (before ? updateSenderPool : insertSenderPool)(tx, serviceId, pool);
    const deed = { serviceId, action: "sender-pool.saved", subject: pool.name };
    await recordDeed(tx, actor, { ...deed, before: before && { ...before }, after: { ...pool } });
  });
  return pool.id;
}

/** Messages that name it by its id are refused from then on. */
export async function removePool(
  app: Keeper,
  actor: Actor,
  { serviceId, id }: { serviceId: string; id: string },
): Promise<void> {
  await changing(app, serviceId, async (tx) => {
    const pool = (await listSenderPools(tx, serviceId)).find((one) => one.id === id);
    if (!pool) throw notThere();
    await archiveSenderPool(tx, serviceId, id);
    await recordDeed(tx, actor, { serviceId, action: "sender-pool.removed", subject: pool.name });
  });
}

function refuseWrong({ name, senderIds }: SenderPool): void {
  const { min, max } = POOL_SENDERS;
  if (name === "" || name.length > POOL_NAME_MAX_CHARACTERS)
    throw fieldRefusal("name", "pool-name", `Enter a name of up to ${POOL_NAME_MAX_CHARACTERS} characters`);
  if (senderIds.length < min || senderIds.length > max)
    throw fieldRefusal("senderIds", "pool-senders", `Choose ${min} to ${max} senders`);
}

async function changing(
  app: Keeper,
  serviceId: string,
  work: Parameters<Keeper["db"]["transaction"]>[0],
): Promise<void> {
  try {
    await app.db.transaction(work);
  } catch (error) {
    if (violatedUniqueConstraint(error) === "text_sender_pools_in_use")
      throw fieldRefusal("name", "pool-taken", "There is a group of this name already");
    throw error;
  }
  app.services.forget(serviceId);
}

function notThere(): Refusal {
  return new Refusal("not-found", "It is not there, or has been removed");
}
