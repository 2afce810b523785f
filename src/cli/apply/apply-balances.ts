/** The rules of organisations' balances. What is in them is never a file's: money comes in by hand. */
import { decimal, plus } from "../../core/price/decimal.ts";
import { listBalances, lockBalance, updateRules } from "../../records/balances/balance-store.ts";
import { listOrganisations, type Organisation } from "../../records/organisations/organisation-store.ts";
import type { DeclaredOrganisation } from "./declaration.ts";
import { NONE, refuseAt } from "./read.ts";
import { differences, said } from "./reconcile.ts";
import type { Run } from "./run.ts";

export async function applyBalances(run: Run, declared: readonly DeclaredOrganisation[]): Promise<void> {
  const organisations = await listOrganisations(run.tx);
  for (const wanted of declared) if (wanted.balance) await applyBalance(run, wanted, organisations);
}

async function applyBalance(
  run: Run,
  { id, name, balance, at }: DeclaredOrganisation,
  organisations: readonly Organisation[],
): Promise<void> {
  const organisation = organisations.find((one) => (id === undefined ? one.name === name : one.id === id));
  if (!organisation || !balance) return;
  const kept = (await listBalances(run.tx)).find(({ organisationId }) => organisationId === organisation.id);
  const { isOn = false, creditLimit = "0", lowAt = null } = kept ?? {};
  const wishes = said({
    isOn: balance.on,
    creditLimit: balance.credit_limit,
    lowAt: balance.low_at === NONE ? null : balance.low_at,
  });
  const { before, after } = differences({ isOn, creditLimit, lowAt }, wishes);
  if (Object.keys(after).length === 0) {
    run.unchanged.count += 1;
    return;
  }
  const { available } = await lockBalance(run.tx, organisation.id);
  const rules = { isOn, creditLimit, lowAt, ...wishes };
  if (rules.isOn && plus(decimal(available), decimal(rules.creditLimit)).units < 0n)
    refuseAt({ ...at, path: [...at.path, "balance", "credit_limit"] }, "is less than what is spent already");
  await updateRules(run.tx, organisation.id, { ...rules, lowAt: rules.lowAt ?? undefined });
  run.changes.push({
    kind: "balance",
    name: organisation.name,
    serviceId: undefined,
    action: "updated",
    before,
    after,
  });
}
