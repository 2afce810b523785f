/**
 * Which amounts there was no money for a moment ago: whoever asks for as much again is refused at once. Without it, one organisation that
 * has run out would break up every flight that its requests are in.
 */
import { compareDecimals, decimal } from "../../core/price/decimal.ts";
import type { NewHold } from "../../records/balances/balance.ts";
import { isNotCovered } from "../../records/balances/hold-store.ts";
import { overSpendLimit, type SpendAddition } from "../../records/limits/spend-total-store.ts";

/** How soon money that has come in is noticed. */
const REMEMBERED_MS = 1_000;
const REMEMBERED_MAX = 10_000;

/** What a text costs its organisation's balance, and its service's spending limits. */
export interface Charges {
  hold: NewHold | undefined;
  spends: readonly SpendAddition[];
}

export type Unpaid = { notCovered: NewHold } | { overSpend: SpendAddition };

export interface Shortfalls {
  /** What of these there was no money for a moment ago. */
  find(charges: Charges | undefined): Unpaid | undefined;
  /** Remembers what a lone passenger was refused for, if it was for money. */
  note(error: unknown, charges: Charges | undefined): Unpaid | undefined;
}

export function createShortfalls(nowMs: () => number = () => performance.now()): Shortfalls {
  const known = new Map<string, { amount: string; untilMs: number }>();
  const isShort = (key: string, amount: string): boolean => {
    const short = known.get(key);
    if (short === undefined) return false;
    if (short.untilMs > nowMs()) return compareDecimals(decimal(amount), decimal(short.amount)) >= 0;
    known.delete(key);
    return false;
  };
  return {
    find: (charges) => {
      if (charges === undefined || known.size === 0) return undefined;
      const { hold, spends } = charges;
      if (hold && isShort(balanceKey(hold), hold.amount)) return { notCovered: hold };
      const overSpend = spends.find((spend) => isShort(spendKey(spend), spend.amount));
      return overSpend && { overSpend };
    },
    note: (error, charges) => {
      const unpaid = charges && unpaidOf(error, charges);
      if (unpaid === undefined) return undefined;
      if (known.size >= REMEMBERED_MAX) known.clear();
      const { key, amount } = shortOf(unpaid);
      known.set(key, { amount, untilMs: nowMs() + REMEMBERED_MS });
      return unpaid;
    },
  };
}

function unpaidOf(error: unknown, { hold, spends }: Charges): Unpaid | undefined {
  if (hold && isNotCovered(error)) return { notCovered: hold };
  const overSpend = overSpendLimit(error, spends);
  return overSpend && { overSpend };
}

function shortOf(unpaid: Unpaid): { key: string; amount: string } {
  if ("notCovered" in unpaid) return { key: balanceKey(unpaid.notCovered), amount: unpaid.notCovered.amount };
  return { key: spendKey(unpaid.overSpend), amount: unpaid.overSpend.amount };
}

function balanceKey({ organisationId }: NewHold): string {
  return `balance ${organisationId}`;
}

function spendKey({ serviceId, period }: SpendAddition): string {
  return `${serviceId} ${period}`;
}
