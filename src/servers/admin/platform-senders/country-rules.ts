/** `/platform/senders/countries`: what countries' networks ask of senders. */
import { Refusal } from "../../../core/refusal.ts";
import type { CountrySenderRule } from "../../../core/senders/choose-text-sender.ts";
import { SENDER_TYPES } from "../../../core/senders/sender-type.ts";
import { suggestedRule } from "../../../core/senders/suggested-rule.ts";
import { removeCountryRule, saveCountryRule } from "../../../flow/senders/platform-senders.ts";
import { type KeptCountryRule, listCountryRules } from "../../../records/senders/country-rule-store.ts";
import { countryNames } from "../formats/countries.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, readList, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { showListing } from "./listing.ts";

const COUNTRIES = "/platform/senders/countries";
const ONE = `${COUNTRIES}/:country`;
const FIELDS = ["registeredOnly", "needsSignature", "requirements"] as const;
type Field = (typeof FIELDS)[number] | "senderTypes";

interface RulePage {
  country: string;
  name: string;
  form: Form<Field>;
  types: typeof SENDER_TYPES;
  ticked: readonly string[];
  isNew: boolean;
  /** What is filled in comes from the table of rates. */
  isSuggested: boolean;
}

const showRule = page<RulePage>("platform-senders/country.njk");
const showChoice = page<{ form: Form<"country">; items: readonly { value: string; text: string }[] }>(
  "platform-senders/choose-country.njk",
);

export const countryRuleRoutes: readonly Route[] = [
  route({ method: "GET", url: COUNTRIES, who: "platform-admin", handler: listAll }),
  route({ method: "GET", url: `${COUNTRIES}/new`, who: "platform-admin", handler: choose }),
  route({ method: "POST", url: `${COUNTRIES}/new`, who: "platform-admin", handler: chosen }),
  route({ method: "GET", url: ONE, who: "platform-admin", handler: open }),
  route({ method: "POST", url: ONE, who: "platform-admin", handler: save }),
  route({ method: "POST", url: `${ONE}/removal`, who: "platform-admin", handler: remove }),
];

async function listAll(visit: UserVisit): Promise<Answer> {
  const { text } = visit;
  const names = countryNames();
  return showListing(visit, {
    title: text("platformSenders.countries.title"),
    explain: text("platformSenders.countries.explain"),
    empty: text("platformSenders.countries.none"),
    add: { text: text("platformSenders.countries.add"), url: `${COUNTRIES}/new` },
    rows: (await listCountryRules(visit.app.db)).map((rule) => ({
      title: names.get(rule.countryPrefix) ?? rule.countryPrefix,
      lines: asksOf(visit, rule),
      url: `${COUNTRIES}/${rule.countryPrefix}`,
    })),
  });
}

function asksOf({ text }: UserVisit, { senderTypes, registeredOnly, needsSignature }: CountrySenderRule): string[] {
  return [
    senderTypes.map((type) => text(`platformRoutes.senderTypes.${type}`)).join(", "),
    registeredOnly ? text("platformSenders.countries.registeredOnly") : "",
    needsSignature ? text("platformSenders.countries.needsSignature") : "",
  ].filter(Boolean);
}

function choose(visit: UserVisit): Answer {
  return showChoices(visit, formOf({ country: "" }));
}

function showChoices(visit: UserVisit, form: Form<"country">): Answer {
  const items = [...countryNames()].map(([value, text]) => ({ value, text }));
  return showChoice(visit, { form, items: [{ value: "", text: "" }, ...items] });
}

function chosen(visit: UserVisit): Promise<Answer> {
  const values = readFields(visit, ["country"]);
  return submit({
    values,
    refusedAt: "country",
    act: async () => {
      if (countryNames().has(values.country)) return redirect(`${COUNTRIES}/${values.country}`);
      throw new Refusal("bad-request", visit.text("platformSenders.countries.choose"));
    },
    showAgain: (form) => showChoices(visit, form),
  });
}

function countryOf({ params }: UserVisit): { country: string; name: string } {
  const country = params["country"] ?? "";
  const name = countryNames().get(country);
  if (name === undefined) throw new Refusal("not-found", "There is no such country");
  return { country, name };
}

async function findRule({ app }: UserVisit, country: string): Promise<KeptCountryRule | undefined> {
  return (await listCountryRules(app.db)).find(({ countryPrefix }) => countryPrefix === country);
}

/** A country without a rule begins with what the table of rates knows. */
async function open(visit: UserVisit): Promise<Answer> {
  const { country, name } = countryOf(visit);
  const known = await findRule(visit, country);
  const suggested = known ? undefined : suggestedRule(country);
  const rule = known ?? suggested;
  const values = {
    senderTypes: "",
    registeredOnly: rule?.registeredOnly ? "yes" : "",
    needsSignature: rule?.needsSignature ? "yes" : "",
    requirements: known?.requirements ?? "",
  };
  const ticked = rule?.senderTypes ?? SENDER_TYPES;
  const shown = { country, name, types: SENDER_TYPES, ticked, isNew: !known, isSuggested: suggested !== undefined };
  return showRule(visit, { ...shown, form: formOf<Field>(values) });
}

function save(visit: UserVisit): Promise<Answer> {
  const { country, name } = countryOf(visit);
  const typed = readFields(visit, FIELDS);
  const senderTypes = readList(visit, "senderTypes");
  return submit<Field>({
    values: { ...typed, senderTypes: "" },
    refusedAt: "senderTypes",
    act: async () => {
      const { requirements } = typed;
      const asks = { registeredOnly: typed.registeredOnly !== "", needsSignature: typed.needsSignature !== "" };
      await saveCountryRule(visit.app, actorOf(visit), { countryPrefix: country, senderTypes, requirements, ...asks });
      return redirect(COUNTRIES, { flash: visit.text("settings.saved") });
    },
    showAgain: async (form) => {
      const isNew = (await findRule(visit, country)) === undefined;
      const shown = { country, name, types: SENDER_TYPES, ticked: senderTypes, isNew, isSuggested: false };
      return showRule(visit, { ...shown, form });
    },
  });
}

async function remove(visit: UserVisit): Promise<Answer> {
  await removeCountryRule(visit.app, actorOf(visit), countryOf(visit).country);
  return redirect(COUNTRIES, { flash: visit.text("platformSenders.removed") });
}
