/**
 * Settles what is held for texts that have ended: charged where a provider was asked, released where none was. What is held first, settled
 * and released goes into the entries, one of each kind for an organisation in each run. For the housekeeping.
 *
 * A text's hold is written with the text and removed with the entry that settles it, each in one transaction, so whatever dies in between
 * leaves either both or neither.
 */
import type { Status } from "../../core/delivery/statuses.ts";
import { type Decimal, decimal, decimalText, plus, times } from "../../core/price/decimal.ts";
import { type HoldEnding, holdEnding, nextLook } from "../../core/price/hold-ending.ts";
import type { Tx } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import type { EntryKind, Hold, NewEntry } from "../../records/balances/balance.ts";
import { enter, moveBalances } from "../../records/balances/balance-store.ts";
import { deleteHolds, lockDueHolds, postponeHolds } from "../../records/balances/hold-store.ts";
import { getAttempted } from "../../records/notifications/notification-store.ts";
import type { App } from "../app.ts";
import { inBatches } from "../upkeep/in-batches.ts";

const HOLDS_AT_ONCE_MAX = 2_000;
const NOTHING = decimal("0");

interface Judged {
  hold: Hold;
  ending: HoldEnding;
}

export async function settleHolds(app: Pick<App, "db" | "clock">): Promise<{ settled: number }> {
  let settled = 0;
  await inBatches(HOLDS_AT_ONCE_MAX, async (limit) => {
    const judged = await app.db.transaction((tx) => settleSome(tx, { now: app.clock.now(), limit }));
    settled += judged.filter(({ ending }) => ending !== "wait").length;
    return judged.length;
  });
  return { settled };
}

async function settleSome(tx: Tx, { now, limit }: { now: Date; limit: number }): Promise<Judged[]> {
  const holds = await lockDueHolds(tx, { now, limit });
  if (holds.length === 0) return [];
  const texts = new Map(
    (
      await getAttempted(
        tx,
        holds.map(({ notificationId: id }) => id),
      )
    ).map((text) => [text.id, text]),
  );
  const judged = holds.map((hold) => {
    const text = texts.get(hold.notificationId);
    const known = text && { status: text.status as Status, attempts: text.attempts };
    return { hold, ending: holdEnding({ text: known, heldAt: hold.heldAt, now }) };
  });
  await write(tx, judged, now);
  return judged;
}

async function write(tx: Tx, judged: readonly Judged[], now: Date): Promise<void> {
  const isWaiting = ({ ending }: Judged): boolean => ending === "wait";
  const ended = judged.filter((one) => !isWaiting(one)).map(({ hold }) => hold.notificationId);
  const waiting = judged.filter(isWaiting).map(({ hold }) => {
    return { notificationId: hold.notificationId, lookAt: nextLook(hold.heldAt, now) };
  });
  await deleteHolds(tx, ended);
  await postponeHolds(tx, waiting);
  const entries = entriesOf(judged, now);
  await enter(tx, entries);
  // What was held is in the balance since the text was accepted.
  await moveBalances(
    tx,
    entries.filter(({ kind }) => kind !== "hold"),
  );
}

function entriesOf(judged: readonly Judged[], at: Date): NewEntry[] {
  const organisations = [...new Set(judged.map(({ hold }) => hold.organisationId))].sort();
  return organisations.flatMap((organisationId) => {
    const its = judged.filter(({ hold }) => hold.organisationId === organisationId);
    const entry = (kind: EntryKind, { signs, of }: { signs: [number, number]; of: readonly Judged[] }) => {
      const amount = of.map(({ hold }) => decimal(hold.amount)).reduce<Decimal>(plus, NOTHING);
      const [available, held] = signs.map((sign) => decimalText(times(amount, sign))) as [string, string];
      const common = { id: newId(), organisationId, at, actor: undefined, note: "" };
      return { ...common, kind, amount: available, heldChange: held, texts: of.length };
    };
    const endingIn = (wanted: HoldEnding) => its.filter(({ ending }) => ending === wanted);
    return [
      entry("hold", { signs: [-1, 1], of: its.filter(({ hold }) => !hold.isEntered) }),
      entry("settlement", { signs: [0, -1], of: endingIn("charge") }),
      entry("release", { signs: [1, -1], of: endingIn("release") }),
    ].filter(({ texts }) => texts > 0);
  });
}
