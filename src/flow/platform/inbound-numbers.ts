/** The pool of numbers that the public can write to: services that want to receive texts each take one from it. */
import { Refusal } from "../../core/refusal.ts";
import { parseInboundNumber } from "../../records/inbound-numbers/inbound-number-store.ts";
import { addToPool, deleteFromPool } from "../../records/inbound-numbers/number-pool-store.ts";
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

function refuseLine(line: string): never {
  throw fieldRefusal("numbers", "number-invalid", `“${line.slice(0, 30)}” is not a phone number`);
}
