/** `/orgs/:oid/balance`: what an organisation's texts are paid from; its people read it, platform administrators keep it. */
import { adjustBalance, setBalanceRules, topUp } from "../../../flow/money/balance.ts";
import type { Balance } from "../../../records/balances/balance.ts";
import { type Entry, findBalance, listEntries } from "../../../records/balances/balance-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, readList, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import {
  type OrganisationPage,
  type OrganisationVisit,
  organisationPage,
  organisationUrl,
  visitOrganisation,
} from "./organisation-visit.ts";

const BALANCE = "/orgs/:oid/balance";
const ENTRIES_SHOWN_MAX = 50;
const MONEY_FIELDS = ["amount", "note"] as const;
const RULE_FIELDS = ["creditLimit", "lowAt"] as const;
type MoneyField = (typeof MONEY_FIELDS)[number];
type RuleField = (typeof RULE_FIELDS)[number];

interface BalancePage extends OrganisationPage {
  url: string;
  balance: Balance;
  mayKeep: boolean;
  moneyForm: Form<MoneyField>;
  ruleForm: Form<RuleField>;
  /** For the summary of what is wrong, whichever form it was. */
  form: Form<string>;
  isOn: boolean;
  entries: readonly (Entry & { kindText: string })[];
}

const showBalance = page<BalancePage>("organisations/balance.njk");

export const organisationBalanceRoutes: readonly Route[] = [
  route({ method: "GET", url: BALANCE, who: "signed-in", handler: openBalance }),
  route({ method: "POST", url: `${BALANCE}/entries`, who: "platform-admin", handler: addEntry }),
  route({ method: "POST", url: `${BALANCE}/rules`, who: "platform-admin", handler: saveRules }),
];

async function openBalance(userVisit: UserVisit): Promise<Answer> {
  return show(await visitOrganisation(userVisit), {});
}

interface Filled {
  money?: Form<MoneyField>;
  rules?: Form<RuleField>;
  isOn?: boolean;
}

async function show(visit: OrganisationVisit, { money, rules, isOn }: Filled): Promise<Answer> {
  const { app, organisation, visitor, text } = visit;
  const balance = (await findBalance(app.db, organisation.id)) ?? noBalance(organisation.id);
  const entries = await listEntries(app.db, organisation.id, { before: undefined, limit: ENTRIES_SHOWN_MAX });
  const moneyForm = money ?? formOf({ amount: "", note: "" });
  const ruleForm = rules ?? formOf({ creditLimit: balance.creditLimit, lowAt: balance.lowAt ?? "" });
  return showBalance(visit, {
    ...organisationPage(visit),
    ...{ url: urlOf(visit), balance, mayKeep: visitor.isPlatformAdmin, moneyForm, ruleForm },
    form: (rules ?? moneyForm) as Form<string>,
    isOn: isOn ?? balance.isOn,
    entries: entries.map((entry) => ({ ...entry, kindText: text(`organisationBalance.kind.${entry.kind}`) })),
  });
}

function noBalance(organisationId: string): Balance {
  return { organisationId, isOn: false, available: "0", held: "0", creditLimit: "0", lowAt: undefined };
}

function urlOf(visit: OrganisationVisit): string {
  return `${organisationUrl(visit)}/balance`;
}

async function addEntry(userVisit: UserVisit): Promise<Answer> {
  const visit = await visitOrganisation(userVisit);
  const values = readFields(visit, MONEY_FIELDS);
  const { kind } = readFields(visit, ["kind"]);
  return submit({
    values,
    refusedAt: "amount",
    act: async () => {
      const form = { organisationId: visit.organisation.id, ...values, amount: signedAmount(visit, values.amount) };
      await (kind === "adjustment" ? adjustBalance : topUp)(visit.app, actorOf(visit), form);
      return redirect(urlOf(visit), { flash: visit.text("organisationBalance.entered") });
    },
    showAgain: (money) => show(visit, { money }),
  });
}

/** "−£5" → "-5": which way it goes stands before the currency. */
function signedAmount({ formats }: UserVisit, typed: string): string {
  const amount = typed.trim().replace(/^[−-]/, "");
  return amount === typed.trim() ? formats.amountIn(amount) : `-${formats.amountIn(amount)}`;
}

async function saveRules(userVisit: UserVisit): Promise<Answer> {
  const visit = await visitOrganisation(userVisit);
  const values = readFields(visit, RULE_FIELDS);
  const isOn = readList(visit, "isOn").includes("yes");
  return submit({
    values,
    refusedAt: "creditLimit",
    act: async () => {
      const [creditLimit, lowAt] = [visit.formats.amountIn(values.creditLimit), visit.formats.amountIn(values.lowAt)];
      const wanted = { organisationId: visit.organisation.id, isOn, creditLimit, lowAt };
      await setBalanceRules(visit.app, actorOf(visit), wanted);
      return redirect(urlOf(visit), { flash: visit.text("organisations.saved") });
    },
    showAgain: (rules) => show(visit, { rules, isOn }),
  });
}
