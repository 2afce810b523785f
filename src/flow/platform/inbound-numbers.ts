/** The pool of numbers that the public can write to: services that want to receive texts each take one from it. */
import { Refusal } from "../../core/refusal.ts";
import type { Tx } from "../../platform/db.ts";
import { parseInboundNumber } from "../../records/inbound-numbers/inbound-number-store.ts";
import { deleteKeywordsOf } from "../../records/inbound-numbers/keyword-store.ts";
import {
  addToPool,
  deleteFromPool,
  findHolder,
  returnToPool,
} from "../../records/inbound-numbers/number-pool-store.ts";
import { listTextSenders } from "../../records/senders/text-sender-store.ts";
import { listActiveNumbers, lockSettings, updateSettings } from "../../records/services/service-setting-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { fieldRefusal } from "../form-refusal.ts";

const NUMBERS_AT_ONCE_MAX = 100;

type Keeper = Pick<App, "db">;

/** One number a line. Those that are there already stay as they are; how many were new. Field: `numbers`. */
export async function addNumbers({ db }: Keeper, actor: Actor, text: string): Promise<number> {
  const lines = text
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter(Boolean);
  if (lines.length === 0) throw fieldRefusal("numbers", "numbers-missing", "Enter at least one phone number");
  if (lines.length > NUMBERS_AT_ONCE_MAX)
    throw fieldRefusal("numbers", "numbers-many", `Enter no more than ${NUMBERS_AT_ONCE_MAX} numbers at once`);
  const numbers = lines.map((line) => parseInboundNumber(line) ?? refuseLine(line));
  return db.transaction(async (tx) => {
    const added = await addToPool(tx, [...new Set(numbers)]);
    if (added.length > 0)
      await recordDeed(tx, actor, { action: "inbound-numbers.added", subject: "numbers", after: { numbers: added } });
    return added.length;
  });
}

/** Only a number that no service has. */
export async function removeNumber({ db }: Keeper, actor: Actor, number: string): Promise<void> {
  await db.transaction(async (tx) => {
    if (!(await deleteFromPool(tx, number)))
      throw new Refusal("not-found", "There is no such number, or a service has it");
    await recordDeed(tx, actor, {
      action: "inbound-numbers.removed",
      subject: "numbers",
      before: { numbers: [number] },
    });
  });
}

/** Which service has it; refuses when none has. */
export async function getHolder({ db }: Keeper, number: string): Promise<{ serviceId: string; name: string }> {
  const holder = await findHolder(db, number);
  if (!holder) throw new Refusal("not-found", "There is no such number, or no service has it");
  return holder;
}

/**
 * Takes a number back from its service, for another to have. A service left without one no longer receives texts. Refused while the
 * service sends texts from it: the answers would reach whoever has it next. Field: `number`.
 */
export async function releaseNumber(app: Pick<App, "db" | "services">, actor: Actor, number: string): Promise<void> {
  const { serviceId } = await getHolder(app, number);
  await app.db.transaction(async (tx) => {
    const settings = await lockSettings(tx, serviceId);
    if (!(settings && (await returnToPool(tx, number, serviceId))))
      throw new Refusal("not-found", "The number has just been taken back");
    await refuseIfSentFrom(tx, serviceId, number);
    await deleteKeywordsOf(tx, number);
    if ((await listActiveNumbers(tx, serviceId)).length === 0) {
      const permissions = settings.permissions.filter((permission) => permission !== "inbound_sms");
      await updateSettings(tx, serviceId, { ...settings, permissions });
    }
    const released = { serviceId, before: { numbers: [number] } };
    await recordDeed(tx, actor, { action: "inbound-numbers.released", subject: "numbers", ...released });
  });
  app.services.forget(serviceId);
}

async function refuseIfSentFrom(tx: Tx, serviceId: string, number: string): Promise<void> {
  const senders = await listTextSenders(tx, serviceId);
  if (!senders.some(({ sender }) => parseInboundNumber(sender) === number)) return;
  const message = "The service sends texts from this number: remove it from its text senders first";
  throw fieldRefusal("number", "number-sender", message);
}

function refuseLine(line: string): never {
  throw fieldRefusal("numbers", "number-invalid", `“${line.slice(0, 30)}” is not a phone number`);
}
