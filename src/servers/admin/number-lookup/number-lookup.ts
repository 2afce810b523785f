/** `/services/:sid/number-lookup`: what is known of a number. It is posted, so it stands in no address. */
import { formatForPeople } from "../../../core/phone/format-phone-number.ts";
import { type LookedUp, lookUpNumbers } from "../../../flow/number-lookups/look-up-numbers.ts";
import { readRecipientText } from "../../../flow/suppressions/read-recipient.ts";
import { findSuppressionsOf } from "../../../flow/suppressions/suppression-list.ts";
import type { Answer } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, refuseIfInvalid, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { MAY_SEE } from "../suppressions/paths.ts";

const LOOKUP = "/services/:sid/number-lookup";

interface LookupPage {
  form: Form<"number">;
  action: string;
  rows: readonly { name: string; value: string }[];
}

const showLookup = page<LookupPage>("number-lookup/number-lookup.njk");

export const numberLookupRoutes: readonly Route[] = [
  route({ method: "GET", url: LOOKUP, who: MAY_SEE, handler: askForNumber }),
  route({ method: "POST", url: LOOKUP, who: MAY_SEE, handler: lookUp }),
];

function askForNumber(visit: ServiceVisit): Answer {
  return show(visit, formOf({ number: "" }));
}

function show(visit: ServiceVisit, form: Form<"number">, rows: LookupPage["rows"] = []): Answer {
  return showLookup(visit, { form, rows, action: `/services/${visit.service.id}/number-lookup` });
}

async function lookUp(visit: ServiceVisit): Promise<Answer> {
  const { text } = visit;
  const values = readFields(visit, ["number"]);
  return submit({
    values,
    refusedAt: "number",
    act: async () => {
      refuseIfInvalid({ number: values.number.trim() === "" && text("numberLookup.missing") });
      const [found] = lookUpNumbers([values.number]);
      if (!found?.isValid) throw new InvalidFields({ number: found?.message ?? "" });
      return show(visit, formOf(values), await rowsOf(visit, found));
    },
    showAgain: (form) => show(visit, form),
  });
}

async function rowsOf(visit: ServiceVisit, found: Extract<LookedUp, { isValid: true }>): Promise<LookupPage["rows"]> {
  const { text } = visit;
  const { digits, type, country, countryPrefix, rateMultiplier } = found;
  return [
    { name: text("numberLookup.row.number"), value: formatForPeople(digits) },
    { name: text("numberLookup.row.type"), value: text(`numberLookup.type.${type}`) },
    {
      name: text("numberLookup.row.country"),
      value: country?.name ?? text("numberLookup.noCountry", { prefix: countryPrefix }),
    },
    { name: text("numberLookup.row.charge"), value: text("numberLookup.charge", { count: rateMultiplier }) },
    { name: text("numberLookup.row.suppressed"), value: await suppressedWords(visit, digits) },
  ];
}

async function suppressedWords({ app, service, text }: ServiceVisit, digits: string): Promise<string> {
  const recipient = readRecipientText(`+${digits}`);
  const [entry] = typeof recipient === "string" ? [] : await findSuppressionsOf(app, service, [recipient]);
  return entry ? text(`suppressions.reason.${entry.reason}`) : text("numberLookup.suppressed.no");
}
