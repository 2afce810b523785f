/** `/platform/providers/routes`: which messages go to whom, in which order, and which way a text would go now. */
import { listCountries } from "../../../core/phone/international-rates.ts";
import { Refusal } from "../../../core/refusal.ts";
import { PRIORITIES, type Priority } from "../../../core/routing/route-rule.ts";
import { SENDER_TYPES } from "../../../core/senders/sender-type.ts";
import { type RouteForm, removeRoute, saveRoute } from "../../../flow/platform/change-routes.ts";
import { type TriedRoute, tryRoute } from "../../../flow/routing/try-route.ts";
import { listProviderSummaries, type ProviderSummary } from "../../../records/providers/provider-health-store.ts";
import { listRoutes, NEW_ROUTE, type RouteRecord } from "../../../records/routes/route-store.ts";
import { listServices } from "../../../records/services/service-settings-store.ts";
import { countryName } from "../formats/countries.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, readList, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { senderNoteLines } from "../messages/timeline.ts";
import { verdictLines } from "./route-words.ts";

const ROUTES = "/platform/providers/routes";
const ONE = `${ROUTES}/:id`;
const REMOVAL = `${ONE}/removal`;

const TEXT_FIELDS = [
  "name",
  "providerId",
  "countries",
  "networks",
  "services",
  "times",
  "position",
  "weight",
  "reason",
] as const;
const TICKED_FIELDS = ["keyKinds", "senderTypes", "priorities"] as const;
const FLAG_FIELDS = ["carriesInternational", "isCheapestFirst"] as const;
type Field = (typeof TEXT_FIELDS)[number] | (typeof TICKED_FIELDS)[number] | (typeof FLAG_FIELDS)[number];
const TRIAL_FIELDS = ["number", "service", "sender", "priority"] as const;
type TrialField = (typeof TRIAL_FIELDS)[number];

const CHOICES = { keyKinds: ["live", "team", "test"], senderTypes: SENDER_TYPES, priorities: PRIORITIES } as const;

interface Tried {
  country: string;
  /** Whom it would come from, where that is another than usual, or nobody. */
  sender: readonly string[];
  lines: ReturnType<typeof verdictLines>;
}

interface RoutesPage {
  channels: readonly { name: RouteRecord["channel"]; routes: readonly (RouteRecord & { asks: readonly string[] })[] }[];
  form: Form<TrialField>;
  tried: Tried | undefined;
}

interface RoutePage {
  one: RouteRecord | undefined;
  form: Form<Field>;
  ticked: Readonly<Record<(typeof TICKED_FIELDS)[number], readonly string[]>>;
  choices: typeof CHOICES;
  providers: readonly ProviderSummary[];
}

const showRoutes = page<RoutesPage>("platform/routes.njk");
const showRoute = page<RoutePage>("platform/route.njk");
const askRemoval = page<{ form: Form<"reason">; one: RouteRecord }>("platform/remove-route.njk");

export const platformRouteRoutes: readonly Route[] = [
  route({ method: "GET", url: ROUTES, who: "platform-admin", handler: listAll }),
  route({ method: "POST", url: ROUTES, who: "platform-admin", handler: tryOne }),
  route({ method: "GET", url: `${ROUTES}/new`, who: "platform-admin", handler: openNew }),
  route({ method: "POST", url: `${ROUTES}/new`, who: "platform-admin", handler: (visit) => save(visit, undefined) }),
  route({ method: "GET", url: ONE, who: "platform-admin", handler: openOne }),
  route({
    method: "POST",
    url: ONE,
    who: "platform-admin",
    handler: async (visit) => save(visit, await findRoute(visit)),
  }),
  route({ method: "GET", url: REMOVAL, who: "platform-admin", handler: openRemoval }),
  route({ method: "POST", url: REMOVAL, who: "platform-admin", handler: remove }),
];

function listAll(visit: UserVisit): Promise<Answer> {
  const form = formOf<TrialField>({ number: "", service: "", sender: "", priority: "normal" });
  return showAll(visit, { form, tried: undefined });
}

async function showAll(visit: UserVisit, { form, tried }: Pick<RoutesPage, "form" | "tried">): Promise<Answer> {
  const { db } = visit.app;
  const [routes, services] = await Promise.all([listRoutes(db), listServices(db)]);
  const names = new Map(services.map(({ id, name }) => [id, name]));
  const shown = routes.map((one) => ({ ...one, asks: asksOf(visit, one, names) }));
  const channels = (["sms", "email", "letter", "chat"] as const).map((name) => {
    return { name, routes: shown.filter(({ channel }) => channel === name) };
  });
  return showRoutes(visit, { channels: channels.filter(({ routes }) => routes.length > 0), form, tried });
}

/** What a route asks of messages, in words; one that asks nothing has none. */
function asksOf({ text }: UserVisit, one: RouteRecord, services: ReadonlyMap<string, string>): string[] {
  const countries = listCountries().filter(({ prefix }) => one.countryPrefixes.includes(prefix));
  return [
    ...(one.carriesInternational ? [] : [text("platformRoutes.atHome")]),
    countries.map(countryName).join("; "),
    one.networks.length > 0 ? text("platformRoutes.ofNetworks", { networks: one.networks.join(", ") }) : "",
    one.serviceIds.map((id) => services.get(id) ?? id).join("; "),
    one.senderTypes.map((type) => text(`platformRoutes.senderTypes.${type}`)).join(", "),
    one.priorities.map((priority) => text(`platformRoutes.priorities.${priority}`)).join(", "),
    one.times.join("; "),
  ].filter(Boolean);
}

/** The number is posted, and stands in no address. */
async function tryOne(visit: UserVisit): Promise<Answer> {
  const values = readFields(visit, TRIAL_FIELDS);
  return submit({
    values,
    refusedAt: "number",
    act: async () => {
      const tried = await tryRoute(visit.app, { ...values, priority: priorityOf(values.priority) });
      return showAll(visit, { form: formOf(values), tried: shownTrial(visit, tried) });
    },
    showAgain: (form) => showAll(visit, { form, tried: undefined }),
  });
}

function priorityOf(text: string): Priority {
  return PRIORITIES.find((priority) => priority === text) ?? "normal";
}

function shownTrial(visit: UserVisit, tried: TriedRoute): Tried {
  return { country: countryName(tried.country), sender: senderLines(visit, tried), lines: verdictLines(visit, tried) };
}

function senderLines({ text }: UserVisit, { sender }: TriedRoute): readonly string[] {
  if (!sender) return [];
  if (sender.kind !== "sender") return [text("platformRoutes.noSender")];
  const lines = sender.note ? senderNoteLines(text, { ...sender.note, used: sender.sender }) : [];
  return lines.length > 0 ? lines : [text("platformRoutes.fromSender", { sender: sender.sender })];
}

async function findRoute(visit: UserVisit): Promise<RouteRecord> {
  const id = idIn(visit, "id");
  const one = (await listRoutes(visit.app.db)).find((other) => other.id === id);
  if (!one) throw new Refusal("not-found", "There is no such route");
  return one;
}

function openNew(visit: UserVisit): Promise<Answer> {
  const values = {
    ...{ name: "", providerId: "", countries: "", networks: "", services: "", times: "", reason: "" },
    ...{ position: String(NEW_ROUTE.position), weight: String(NEW_ROUTE.weight) },
    ...{ keyKinds: "", senderTypes: "", priorities: "", carriesInternational: "yes", isCheapestFirst: "" },
  };
  const ticked = { keyKinds: ["live", "team"], senderTypes: [], priorities: [] };
  return showOne(visit, { one: undefined, form: formOf<Field>(values), ticked });
}

async function openOne(visit: UserVisit): Promise<Answer> {
  const one = await findRoute(visit);
  const names = new Map((await listServices(visit.app.db)).map(({ id, name }) => [id, name]));
  const values = {
    ...{ name: one.name, providerId: one.providerId, reason: "" },
    ...{ countries: one.countryPrefixes.join(", "), networks: one.networks.join(", ") },
    services: one.serviceIds.map((id) => names.get(id) ?? id).join("\n"),
    ...{ times: one.times.join("\n"), position: String(one.position), weight: String(one.weight) },
    ...{ keyKinds: "", senderTypes: "", priorities: "" },
    carriesInternational: one.carriesInternational ? "yes" : "",
    isCheapestFirst: one.isCheapestFirst ? "yes" : "",
  };
  return showOne(visit, { one, form: formOf<Field>(values), ticked: one });
}

async function showOne(
  visit: UserVisit,
  { one, form, ticked }: Pick<RoutePage, "one" | "form" | "ticked">,
): Promise<Answer> {
  const providers = await listProviderSummaries(visit.app.db);
  return showRoute(visit, { one, form, ticked, choices: CHOICES, providers });
}

function save(visit: UserVisit, one: RouteRecord | undefined): Promise<Answer> {
  const texts = readFields(visit, TEXT_FIELDS);
  const flags = readFields(visit, FLAG_FIELDS);
  const ticked = {
    keyKinds: readList(visit, "keyKinds"),
    senderTypes: readList(visit, "senderTypes"),
    priorities: readList(visit, "priorities"),
  };
  return submit<Field>({
    values: { ...texts, ...flags, keyKinds: "", senderTypes: "", priorities: "" },
    refusedAt: "name",
    act: async () => {
      const carriesInternational = flags.carriesInternational !== "";
      const isCheapestFirst = flags.isCheapestFirst !== "";
      const form: RouteForm = { ...texts, ...ticked, carriesInternational, isCheapestFirst };
      await saveRoute(visit.app, actorOf(visit), { routeId: one?.id, form });
      return redirect(ROUTES, { flash: visit.text("platformRoutes.saved") });
    },
    showAgain: (form) => showOne(visit, { one, form, ticked }),
  });
}

async function openRemoval(visit: UserVisit): Promise<Answer> {
  return askRemoval(visit, { form: formOf({ reason: "" }), one: await findRoute(visit) });
}

async function remove(visit: UserVisit): Promise<Answer> {
  const one = await findRoute(visit);
  const values = readFields(visit, ["reason"]);
  return submit({
    values,
    refusedAt: "reason",
    act: async () => {
      await removeRoute(visit.app, actorOf(visit), { routeId: one.id, reason: values.reason });
      return redirect(ROUTES, { flash: visit.text("platformRoutes.removed", { name: one.name }) });
    },
    showAgain: (form) => askRemoval(visit, { form, one }),
  });
}
