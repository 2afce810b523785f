/** `/platform/senders/shared`: senders of an organisation, and which of its services may use them. */
import {
  addSharedSender,
  getSharedSender,
  removeSharedSender,
  setSharing,
} from "../../../flow/senders/shared-senders.ts";
import { listOrganisations } from "../../../records/organisations/organisation-store.ts";
import { listServicesOf, listSharedSenders, type SharedSender } from "../../../records/senders/shared-sender-store.ts";
import { countryNames, readCountries } from "../formats/countries.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, readList, submit } from "../http/form.ts";
import { asId, idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { showListing } from "./listing.ts";

const SHARED = "/platform/senders/shared";
const ONE = `${SHARED}/:id`;
const NEW_FIELDS = ["sender", "organisationId"] as const;
type NewField = (typeof NEW_FIELDS)[number];
type Field = "serviceIds" | "countries";

interface SharedPage {
  one: SharedSender;
  services: readonly { id: string; name: string }[];
  ticked: readonly string[];
  form: Form<Field>;
}

const showNew = page<{ form: Form<NewField>; organisations: readonly { id: string; name: string }[] }>(
  "platform-senders/new-shared.njk",
);
const showShared = page<SharedPage>("platform-senders/shared.njk");

export const sharedSenderRoutes: readonly Route[] = [
  route({ method: "GET", url: SHARED, who: "platform-admin", handler: listAll }),
  route({ method: "GET", url: `${SHARED}/new`, who: "platform-admin", handler: openNew }),
  route({ method: "POST", url: `${SHARED}/new`, who: "platform-admin", handler: add }),
  route({ method: "GET", url: ONE, who: "platform-admin", handler: open }),
  route({ method: "POST", url: ONE, who: "platform-admin", handler: save }),
  route({ method: "POST", url: `${ONE}/removal`, who: "platform-admin", handler: remove }),
];

async function listAll(visit: UserVisit): Promise<Answer> {
  const { text } = visit;
  const names = countryNames();
  return showListing(visit, {
    title: text("platformSenders.shared.title"),
    explain: text("platformSenders.shared.explain"),
    empty: text("platformSenders.shared.none"),
    add: { text: text("platformSenders.shared.add"), url: `${SHARED}/new` },
    rows: (await listSharedSenders(visit.app.db)).map((one) => ({
      title: one.sender,
      lines: [
        one.organisationName,
        text("platformSenders.shared.services", { count: one.serviceIds.length }),
        one.registeredCountries.map((country) => names.get(country) ?? country).join("; "),
      ].filter(Boolean),
      url: `${SHARED}/${one.id}`,
    })),
  });
}

function openNew(visit: UserVisit): Promise<Answer> {
  return showNewWith(visit, formOf({ sender: "", organisationId: "" }));
}

async function showNewWith(visit: UserVisit, form: Form<NewField>): Promise<Answer> {
  return showNew(visit, { form, organisations: await listOrganisations(visit.app.db) });
}

function add(visit: UserVisit): Promise<Answer> {
  const values = readFields(visit, NEW_FIELDS);
  return submit({
    values,
    refusedAt: "sender",
    act: async () => {
      const organisationId = asId(values.organisationId) ?? "00000000-0000-0000-0000-000000000000";
      const id = await addSharedSender(visit.app, actorOf(visit), { sender: values.sender, organisationId });
      return redirect(`${SHARED}/${id}`, { flash: visit.text("platformSenders.shared.added") });
    },
    showAgain: (form) => showNewWith(visit, form),
  });
}

async function open(visit: UserVisit): Promise<Answer> {
  const one = await getSharedSender(visit.app, idIn(visit, "id"));
  const form = formOf<Field>({ serviceIds: "", countries: one.registeredCountries.join(", ") });
  return show(visit, { one, form, ticked: one.serviceIds });
}

async function show(visit: UserVisit, shown: Pick<SharedPage, "one" | "form" | "ticked">): Promise<Answer> {
  return showShared(visit, { ...shown, services: await listServicesOf(visit.app.db, shown.one.organisationId) });
}

async function save(visit: UserVisit): Promise<Answer> {
  const one = await getSharedSender(visit.app, idIn(visit, "id"));
  const { countries } = readFields(visit, ["countries"]);
  const serviceIds = readList(visit, "serviceIds");
  return submit<Field>({
    values: { serviceIds: "", countries },
    refusedAt: "serviceIds",
    act: async () => {
      const wish = { id: one.id, serviceIds, countries: readCountries(countries) };
      await setSharing(visit.app, actorOf(visit), wish);
      return redirect(SHARED, { flash: visit.text("settings.saved") });
    },
    showAgain: (form) => show(visit, { one, form, ticked: serviceIds }),
  });
}

async function remove(visit: UserVisit): Promise<Answer> {
  await removeSharedSender(visit.app, actorOf(visit), idIn(visit, "id"));
  return redirect(SHARED, { flash: visit.text("platformSenders.removed") });
}
