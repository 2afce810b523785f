/** In which currency the installation charges. Where amounts are kept in another it stays: a file cannot change what they mean. */
import { decimal } from "../../core/price/decimal.ts";
import { type HomeMoney, isInPounds, POUNDS } from "../../core/price/home-money.ts";
import { isSame, keptWords, moneyFields } from "../../flow/money/home-currency.ts";
import { getHomeMoney, setHomeMoney } from "../../records/deployment/home-money.ts";
import type { DeclaredInstallation } from "./declare-installation.ts";
import { refuseAt } from "./read.ts";
import type { Run } from "./run.ts";

export async function applyCurrency(run: Run, declared: DeclaredInstallation): Promise<void> {
  if (declared.currency === undefined) {
    if (declared.pound !== undefined) refuseAt(placeOf(declared, "pound"), "needs a currency beside it");
    return;
  }
  const before = await getHomeMoney(run.tx);
  const wanted = wantedOf(declared, declared.currency, before);
  if (isSame(before, wanted)) {
    run.unchanged.count += 1;
    return;
  }
  const kept = await keptWords(run.tx, { before, now: run.now });
  if (kept !== undefined) refuseAt(placeOf(declared, "currency"), `cannot be changed. ${kept}`);
  await setHomeMoney(run.tx, wanted);
  const change = { before: moneyFields(before), after: moneyFields(wanted) };
  run.changes.push({ action: "updated", kind: "installation", name: "the installation's currency", ...change });
}

/** What one pound is must be said of any other currency, unless it was before. */
function wantedOf(declared: DeclaredInstallation, currency: string, before: HomeMoney): HomeMoney {
  if (isInPounds({ currency })) return POUNDS;
  if (declared.pound !== undefined) return { currency, pound: decimal(declared.pound) };
  if (before.currency === currency) return before;
  return refuseAt(placeOf(declared, "pound"), 'must say what one pound is in the currency, in quotes, such as "1.15"');
}

function placeOf({ at }: DeclaredInstallation, name: "currency" | "pound") {
  return { path: [...at.path, name], source: at.source };
}
