/** `/platform/senders/names`: names that only some may send under. */
import { Refusal } from "../../../core/refusal.ts";
import { type ProtectedName, strangersUnder } from "../../../core/senders/look-alike.ts";
import { removeProtectedName, saveProtectedName } from "../../../flow/senders/platform-senders.ts";
import { listOrganisations } from "../../../records/organisations/organisation-store.ts";
import { listProtectedNames } from "../../../records/senders/protected-name-store.ts";
import { listNamedSenders, type NamedSender } from "../../../records/senders/text-sender-store.ts";
import { listServices } from "../../../records/services/service-settings-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { showListing } from "./listing.ts";

const NAMES = "/platform/senders/names";
const ONE = `${NAMES}/:id`;
const STRANGERS_SHOWN_MAX = 20;
const FIELDS = ["name", "coversLonger", "organisations", "services"] as const;
type Field = (typeof FIELDS)[number];

const showName = page<{ one: ProtectedName | undefined; form: Form<Field> }>("platform-senders/name.njk");

export const protectedNameRoutes: readonly Route[] = [
  route({ method: "GET", url: NAMES, who: "platform-admin", handler: listAll }),
  route({ method: "GET", url: `${NAMES}/new`, who: "platform-admin", handler: openNew }),
  route({ method: "POST", url: `${NAMES}/new`, who: "platform-admin", handler: (visit) => save(visit, undefined) }),
  route({ method: "GET", url: ONE, who: "platform-admin", handler: open }),
  route({ method: "POST", url: ONE, who: "platform-admin", handler: async (visit) => save(visit, await find(visit)) }),
  route({ method: "POST", url: `${ONE}/removal`, who: "platform-admin", handler: remove }),
];

interface Named {
  id: string;
  name: string;
}

async function listAll(visit: UserVisit): Promise<Answer> {
  const { text, app } = visit;
  const [organisations, services] = await Promise.all([listOrganisations(app.db), listServices(app.db)]);
  const namesOf = (ids: readonly string[], among: readonly Named[]) =>
    among.filter(({ id }) => ids.includes(id)).map(({ name }) => name);
  const names = await listProtectedNames(app.db);
  const strangers = strangersUnder(names, await listNamedSenders(app.db));
  return showListing(visit, {
    title: text("platformSenders.names.title"),
    explain: text("platformSenders.names.explain"),
    empty: text("platformSenders.names.none"),
    add: { text: text("platformSenders.names.add"), url: `${NAMES}/new` },
    rows: names.map((one) => ({
      title: one.name,
      lines: [
        ...(one.coversLonger ? [text("platformSenders.names.coversLonger")] : []),
        ...namesOf(one.organisationIds, organisations),
        ...namesOf(one.serviceIds, services),
        ...linesOf(visit, strangers.get(one.id) ?? []),
      ],
      url: `${NAMES}/${one.id}`,
    })),
  });
}

function linesOf({ text }: UserVisit, senders: readonly NamedSender[]): string[] {
  const shown = senders.slice(0, STRANGERS_SHOWN_MAX);
  const count = senders.length - shown.length;
  return [
    ...shown.map(({ sender, serviceName: service }) => text("platformSenders.names.usedBy", { sender, service })),
    ...(count > 0 ? [text("platformSenders.names.usedByMore", { count })] : []),
  ];
}

async function find(visit: UserVisit): Promise<ProtectedName> {
  const id = idIn(visit, "id");
  const one = (await listProtectedNames(visit.app.db)).find((other) => other.id === id);
  if (!one) throw new Refusal("not-found", "There is no such name");
  return one;
}

function openNew(visit: UserVisit): Answer {
  const form = formOf<Field>({ name: "", coversLonger: "", organisations: "", services: "" });
  return showName(visit, { one: undefined, form });
}

async function open(visit: UserVisit): Promise<Answer> {
  const one = await find(visit);
  const [organisations, services] = await Promise.all([listOrganisations(visit.app.db), listServices(visit.app.db)]);
  const linesOf = (ids: readonly string[], among: readonly Named[]) =>
    ids.map((id) => among.find((other) => other.id === id)?.name ?? id).join("\n");
  const form = formOf<Field>({
    name: one.name,
    coversLonger: one.coversLonger ? "yes" : "",
    organisations: linesOf(one.organisationIds, organisations),
    services: linesOf(one.serviceIds, services),
  });
  return showName(visit, { one, form });
}

function save(visit: UserVisit, one: ProtectedName | undefined): Promise<Answer> {
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "name",
    act: async () => {
      const { db } = visit.app;
      await saveProtectedName(visit.app, actorOf(visit), {
        ...{ id: one?.id, name: values.name, coversLonger: values.coversLonger !== "" },
        organisationIds: readIds(visit, "organisations", await listOrganisations(db)),
        serviceIds: readIds(visit, "services", await listServices(db)),
      });
      return redirect(NAMES, { flash: await savedWords(visit, values.name.trim()) });
    },
    showAgain: (form) => showName(visit, { one, form }),
  });
}

/** Whoever protects a name is told at once of those who send under it already. */
async function savedWords({ app, text }: UserVisit, name: string): Promise<string> {
  const saved = (await listProtectedNames(app.db)).filter((one) => one.name === name);
  const [senders = []] = strangersUnder(saved, await listNamedSenders(app.db)).values();
  const count = senders.length;
  return count === 0 ? text("settings.saved") : text("platformSenders.names.savedUsed", { count });
}

/** Names or ids, one a line. */
function readIds(visit: UserVisit, field: "organisations" | "services", among: readonly Named[]): string[] {
  const lines = readFields(visit, [field])
    [field].split(/[\r\n]+/)
    .map((line) => line.trim());
  return lines.filter(Boolean).map((line) => {
    const found = among.filter(({ id, name }) => id === line.toLowerCase() || name === line);
    if (found.length === 1 && found[0]) return found[0].id;
    throw new InvalidFields({ [field]: visit.text(`platformSenders.names.unknown.${field}`, { name: line }) });
  });
}

async function remove(visit: UserVisit): Promise<Answer> {
  await removeProtectedName(visit.app, actorOf(visit), idIn(visit, "id"));
  return redirect(NAMES, { flash: visit.text("platformSenders.removed") });
}
