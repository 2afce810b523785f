/** For the housekeeping: tells an organisation's people once when its balance is low, and holds every balance against its entries. */
import { type Decimal, decimal, decimalText, plus } from "../../core/price/decimal.ts";
import { moneyWords } from "../../core/price/money-words.ts";
import type { Tx } from "../../platform/db.ts";
import {
  type LowBalance,
  listBalances,
  listNewlyLow,
  lockBalance,
  noteToldLow,
  setBalance,
  sumEntries,
} from "../../records/balances/balance-store.ts";
import { sumHolds } from "../../records/balances/hold-store.ts";
import { listOrganisationMembers } from "../../records/organisations/organisation-people-store.ts";
import type { App } from "../app.ts";
import { createIntake } from "../intake/create-intake.ts";
import { createPeople, type People } from "../people/people.ts";
import { sendOnce } from "../people/send-once.ts";

const ORGANISATIONS_AT_ONCE = 100;

export async function tellOfLowBalances(app: App): Promise<{ told: number }> {
  const low = await app.db.transaction((tx) => listNewlyLow(tx, ORGANISATIONS_AT_ONCE));
  if (low.length === 0) return { told: 0 };
  const people = createPeople(createIntake(app));
  let told = 0;
  for (const balance of low) {
    told += await tellPeople(people, balance);
    await app.db.transaction((tx) => noteToldLow(tx, balance.organisationId));
  }
  return { told };
}

/** A run that broke off before it was noted has told some of them: not again on the same day. */
async function tellPeople(people: People, balance: LowBalance): Promise<number> {
  const { organisationId, organisationName: organisation, available, lowAt = "0" } = balance;
  const members = await listOrganisationMembers(people.db, organisationId);
  const link = `${people.origins.admin ?? people.origins.own ?? ""}/orgs/${organisationId}/balance`;
  const { currency } = await people.prices.home();
  const amounts = { available: moneyWords(available, currency), low: moneyWords(lowAt, currency) };
  for (const { name, emailAddress } of members) {
    const values = { name, organisation, ...amounts, link };
    const onceAs = `balance ${organisationId} ${lowAt} ${people.clock.now().toISOString().slice(0, 13)}`;
    await sendOnce(people, { kind: "balance-low", to: emailAddress, values, onceAs });
  }
  return members.length;
}

/** The entries and holds are the truth: a balance that says otherwise is written anew, and said in the log. */
export async function checkBalances(app: Pick<App, "db" | "log">): Promise<{ mended: number }> {
  let mended = 0;
  for (const { organisationId } of await listBalances(app.db)) {
    const difference = await app.db.transaction((tx) => mend(tx, organisationId));
    if (difference === undefined) continue;
    mended += 1;
    app.log.error("balance.mended", { organisationId, ...difference });
  }
  return { mended };
}

/** While its row is locked nothing is held, entered or settled. */
async function mend(tx: Tx, organisationId: string): Promise<Record<string, string> | undefined> {
  const stands = await lockBalance(tx, organisationId);
  const entries = await sumEntries(tx, organisationId);
  const holds = await sumHolds(tx, organisationId);
  const known = {
    available: decimalText(plus(decimal(entries.amount), negated(holds.notEntered))),
    held: decimalText(decimal(holds.all)),
  };
  const isSame = (a: string, b: string): boolean => plus(decimal(a), negated(b)).units === 0n;
  if (isSame(stands.available, known.available) && isSame(stands.held, known.held)) return undefined;
  await setBalance(tx, organisationId, known);
  return {
    available: stands.available,
    held: stands.held,
    availableByEntries: known.available,
    heldByEntries: known.held,
  };
}

function negated(amount: string): Decimal {
  const { units, decimals } = decimal(amount);
  return { units: -units, decimals };
}
