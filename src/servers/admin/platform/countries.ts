/** `/platform/providers/countries`: which providers are tried first for texts to a country. */
import { type Country, listCountries } from "../../../core/phone/international-rates.ts";
import {
  type CountryRouting,
  changeCountryOrder,
  getCountry,
  listCountryRouting,
  listTextProviders,
  type TriedNumber,
  tryNumber,
} from "../../../flow/platform/country-routes.ts";
import type { ProviderHealth } from "../../../flow/platform/provider-health.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, refuseIfInvalid, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";

const COUNTRIES = "/platform/providers/countries";
const ONE = `${COUNTRIES}/:prefix`;
const HOME_PREFIX = "44";

interface Option {
  value: string;
  text: string;
}

interface Placed {
  name: string;
  place: number;
}

interface CountriesPage {
  countries: readonly (CountryRouting & { name: string })[];
  options: readonly Option[];
  form: Form<"number">;
  tried: (TriedNumber & { name: string }) | undefined;
}

interface CountryPage {
  name: string;
  prefix: string;
  form: Form;
  fields: readonly { name: string; provider: ProviderHealth; isPassedOver: boolean }[];
  places: readonly Option[];
}

const showCountries = page<CountriesPage>("platform/countries.njk");
const showCountry = page<CountryPage>("platform/country.njk");

export const platformCountryRoutes: readonly Route[] = [
  route({ method: "GET", url: COUNTRIES, who: "platform-admin", handler: openCountries }),
  route({ method: "POST", url: COUNTRIES, who: "platform-admin", handler: tryOne }),
  route({ method: "GET", url: ONE, who: "platform-admin", handler: openCountry }),
  route({ method: "POST", url: ONE, who: "platform-admin", handler: saveCountry }),
];

/** "France (33)" */
function nameOf({ names, prefix }: Country): string {
  return `${names.join(", ")} (+${prefix})`;
}

/** Choosing a country leads to its page. */
async function openCountries(visit: UserVisit): Promise<Answer> {
  const chosen = visit.query.get("country");
  if (chosen) return redirect(`${COUNTRIES}/${getCountry(chosen).prefix}`);
  return showAll(visit, { form: formOf({ number: "" }), tried: undefined });
}

async function showAll(visit: UserVisit, { form, tried }: Pick<CountriesPage, "form" | "tried">): Promise<Answer> {
  const countries = await listCountryRouting(visit.app);
  return showCountries(visit, {
    countries: countries.map((country) => ({ ...country, name: nameOf(country) })),
    options: listCountries().map((country) => ({ value: country.prefix, text: nameOf(country) })),
    form,
    tried,
  });
}

/** The number is posted, and stands in no address. */
async function tryOne(visit: UserVisit): Promise<Answer> {
  const values = readFields(visit, ["number"]);
  return submit({
    values,
    refusedAt: "number",
    act: async () => {
      const tried = await tryNumber(visit.app, values.number);
      return showAll(visit, { form: formOf(values), tried: { ...tried, name: nameOf(tried.country) } });
    },
    showAgain: (form) => showAll(visit, { form, tried: undefined }),
  });
}

async function openCountry(visit: UserVisit): Promise<Answer> {
  const { prefix } = getCountry(visit.params["prefix"] ?? "");
  const [providers, countries] = await Promise.all([listTextProviders(visit.app), listCountryRouting(visit.app)]);
  const order = countries.find((country) => country.prefix === prefix)?.firstProviders ?? [];
  const places = providers.map(({ id, name }) => [fieldOf(id), placeIn(order, name)] as const);
  return showOne(visit, {
    providers,
    prefix,
    form: formOf({ ...Object.fromEntries(places), providers: "", reason: "" }),
  });
}

/** "1" for the first of an order; "" for who is not in it. */
function placeIn(order: readonly string[], name: string): string {
  const index = order.indexOf(name);
  return index === -1 ? "" : String(index + 1);
}

function fieldOf(providerId: string): string {
  return `place-${providerId}`;
}

function showOne(
  visit: UserVisit,
  { providers, prefix, form }: { providers: readonly ProviderHealth[]; prefix: string; form: Form },
): Answer {
  const { text } = visit;
  const isAbroad = prefix !== HOME_PREFIX;
  return showCountry(visit, {
    name: nameOf(getCountry(prefix)),
    prefix,
    form,
    fields: providers.map((provider) => ({
      name: fieldOf(provider.id),
      provider,
      isPassedOver: isAbroad && !provider.routes.some(({ carriesInternational }) => carriesInternational),
    })),
    places: [
      { value: "", text: text("platformCountries.notNamed") },
      ...providers.map((_, index) => ({
        value: String(index + 1),
        text: text("platformCountries.place", { place: index + 1 }),
      })),
    ],
  });
}

async function saveCountry(visit: UserVisit): Promise<Answer> {
  const { prefix } = getCountry(visit.params["prefix"] ?? "");
  const providers = await listTextProviders(visit.app);
  const values = readFields(visit, [...providers.map(({ id }) => fieldOf(id)), "reason"]);
  return submit({
    values: { ...values, providers: "" },
    refusedAt: "providers",
    act: async () => {
      const placed = placesIn(providers, values);
      const hasTwins = new Set(placed.map(({ place }) => place)).size < placed.length;
      refuseIfInvalid({ providers: hasTwins && visit.text("platformCountries.twice") });
      const order = { prefix, providers: placed.map(({ name }) => name), reason: values["reason"] ?? "" };
      await changeCountryOrder(visit.app, actorOf(visit), order);
      return redirect(COUNTRIES, { flash: visit.text("platformCountries.saved") });
    },
    showAgain: (form) => showOne(visit, { providers, prefix, form }),
  });
}

/** Providers by the places that were chosen for them. */
function placesIn(providers: readonly ProviderHealth[], values: Readonly<Record<string, string>>): Placed[] {
  const placed = providers.map(({ id, name }) => ({ name, place: Number(values[fieldOf(id)]) }));
  return placed.filter(({ place }) => place > 0).toSorted((a, b) => a.place - b.place);
}
