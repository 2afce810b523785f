/** Routes as platform administrators write them: checked, kept, and said in the log with the reason. Workers follow within seconds. */
import { parseWeekTimes } from "../../core/calendar/week-times.ts";
import { listCountries } from "../../core/phone/international-rates.ts";
import { Refusal } from "../../core/refusal.ts";
import { PRIORITIES, senselessIn } from "../../core/routing/route-rule.ts";
import { SENDER_TYPES } from "../../core/senders/sender-type.ts";
import type { Tx } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { listProviderSummaries, type ProviderSummary } from "../../records/providers/provider-health-store.ts";
import {
  deleteRoute,
  insertRoute,
  listRoutes,
  lockRoute,
  type RouteRecord,
  type StoredRoute,
  updateRoute,
} from "../../records/routes/route-store.ts";
import { listServices } from "../../records/services/service-settings-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { type FieldProblem, refuseProblems } from "../form-refusal.ts";
import { reasonProblems } from "./change-providers.ts";

const WEIGHT_MAX = 100;
const POSITION_MAX = 999;
const LISTED_MAX = 200;
const KEY_KINDS = ["live", "team", "test"] as const;
const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;
const NETWORK = /^\d{5,6}$/;

type Keeper = Pick<App, "db">;

/** As filled in: lists are separated by commas, spaces or lines; services and times by lines. */
export interface RouteForm {
  name: string;
  providerId: string;
  keyKinds: readonly string[];
  carriesInternational: boolean;
  countries: string;
  networks: string;
  services: string;
  senderTypes: readonly string[];
  priorities: readonly string[];
  times: string;
  position: string;
  weight: string;
  isCheapestFirst: boolean;
  reason: string;
}

/** Makes a route, or changes the one with an id. Fields: those of the form. */
export async function saveRoute(
  { db }: Keeper,
  actor: Actor,
  { routeId, form }: { routeId: string | undefined; form: RouteForm },
): Promise<void> {
  await db.transaction(async (tx) => {
    const before = routeId === undefined ? undefined : await getRoute(tx, routeId);
    const known = {
      providers: await listProviderSummaries(tx),
      services: await listServices(tx),
      routes: await listRoutes(tx),
    };
    const route: StoredRoute = { ...readRoute(form, { ...known, id: before?.id }), id: before?.id ?? newId() };
    await (before ? updateRoute(tx, route) : insertRoute(tx, route));
    const provider = known.providers.find(({ id }) => id === route.providerId)?.name ?? "";
    await recordDeed(tx, actor, {
      action: before ? "route.changed" : "route.created",
      subject: `route ${route.name}`,
      ...(before ? { before: shownOf(before, before.provider) } : {}),
      after: { ...shownOf(route, provider), reason: form.reason.trim() },
    });
  });
}

/** Messages that only it took wait, and fail in the end. Field: `reason`. */
export async function removeRoute(
  { db }: Keeper,
  actor: Actor,
  { routeId, reason }: { routeId: string; reason: string },
): Promise<void> {
  refuseProblems(reasonProblems(reason.trim()));
  await db.transaction(async (tx) => {
    const before = await getRoute(tx, routeId);
    await deleteRoute(tx, routeId);
    await recordDeed(tx, actor, {
      action: "route.removed",
      subject: `route ${before.name}`,
      before: shownOf(before, before.provider),
      after: { reason: reason.trim() },
    });
  });
}

async function getRoute(tx: Tx, id: string): Promise<RouteRecord> {
  const route = await lockRoute(tx, id);
  if (!route) throw new Refusal("not-found", "There is no such route");
  return route;
}

/** For the log: what it asks and where it stands, without what is not asked. */
function shownOf(route: StoredRoute, provider: string): Record<string, unknown> {
  const { name, keyKinds, carriesInternational, position, weight, isCheapestFirst } = route;
  const { countryPrefixes, networks, serviceIds, senderTypes, priorities, times } = route;
  const lists = Object.entries({ countryPrefixes, networks, serviceIds, senderTypes, priorities, times });
  return {
    ...{ name, provider, keyKinds, carriesInternational, position, weight },
    ...(isCheapestFirst ? { isCheapestFirst } : {}),
    ...Object.fromEntries(lists.filter(([, list]) => list.length > 0)),
  };
}

interface Known {
  providers: readonly ProviderSummary[];
  services: readonly { id: string; name: string }[];
  routes: readonly RouteRecord[];
  /** Of the route that is changed. */
  id: string | undefined;
}

function readRoute(form: RouteForm, known: Known): Omit<StoredRoute, "id"> {
  const provider = known.providers.find(({ id }) => id === form.providerId);
  const rule = {
    name: form.name.trim(),
    keyKinds: KEY_KINDS.filter((kind) => form.keyKinds.includes(kind)),
    carriesInternational: form.carriesInternational,
    countryPrefixes: wordsOf(form.countries).map((word) => word.replace(/^\+/, "")),
    networks: wordsOf(form.networks),
    serviceIds: linesOf(form.services).map((line) => serviceIdOf(line, known) ?? line),
    senderTypes: SENDER_TYPES.filter((type) => form.senderTypes.includes(type)),
    priorities: PRIORITIES.filter((priority) => form.priorities.includes(priority)),
    times: linesOf(form.times).map((line) => line.toLowerCase()),
    position: countOf(form.position),
    weight: countOf(form.weight),
    isCheapestFirst: form.isCheapestFirst,
  };
  refuseProblems([
    ...nameProblems(rule.name, known),
    ...(provider ? [] : [problem("providerId", "Choose a provider")]),
    ...(rule.keyKinds.length > 0 ? [] : [problem("keyKinds", "Choose at least one kind of key")]),
    ...listProblems(rule, known),
    ...numberProblems(rule),
    ...(provider ? senselessProblems(rule, provider) : []),
    ...reasonProblems(form.reason.trim()),
  ]);
  return { ...rule, providerId: provider?.id ?? "", channel: provider?.channel ?? "sms" };
}

type Rule = Omit<StoredRoute, "id" | "channel" | "providerId">;

function wordsOf(text: string): string[] {
  return [...new Set(text.split(/[\s,]+/).filter(Boolean))];
}

function linesOf(text: string): string[] {
  const lines = text.split("\n").map((line) => line.trim());
  return [...new Set(lines.filter(Boolean))];
}

function countOf(text: string): number {
  return /^\d{1,4}$/.test(text.trim()) ? Number(text.trim()) : Number.NaN;
}

/** By id, or by a name that only one has. */
function serviceIdOf(line: string, { services }: Known): string | undefined {
  const found = services.filter(({ id, name }) => id === line.toLowerCase() || name === line);
  return found.length === 1 ? found[0]?.id : undefined;
}

function problem(field: keyof RouteForm, message: string): FieldProblem {
  return { field, problem: `route-${field}`, message };
}

function nameProblems(name: string, { routes, id }: Known): FieldProblem[] {
  if (!NAME.test(name))
    return [problem("name", "Name must be small letters, digits and hyphens, such as northline-france")];
  const isTaken = routes.some((other) => other.name === name && other.id !== id);
  return isTaken ? [problem("name", "Another route has this name")] : [];
}

function listProblems(rule: Rule, { services }: Known): FieldProblem[] {
  const countries = new Set(listCountries().map(({ prefix }) => prefix));
  const wrong = {
    countries: rule.countryPrefixes.find((prefix) => !countries.has(prefix)),
    networks: rule.networks.find((network) => !NETWORK.test(network)),
    services: rule.serviceIds.find((id) => !services.some((service) => service.id === id)),
    times: rule.times.find((text) => parseWeekTimes(text) === undefined),
  };
  const messages = {
    countries: `${wrong.countries} is not a country's calling code`,
    networks: `${wrong.networks} is not a country and network code such as 23415`,
    services: `${wrong.services} is not the name or id of one service`,
    times: `${wrong.times} is not a time such as mon-fri 08:00-20:00`,
  };
  const fields = ["countries", "networks", "services", "times"] as const;
  const found = fields.filter((field) => wrong[field] !== undefined).map((field) => problem(field, messages[field]));
  const isLong =
    rule.countryPrefixes.length + rule.networks.length + rule.serviceIds.length + rule.times.length > LISTED_MAX;
  return isLong ? [...found, problem("countries", `A route can name ${LISTED_MAX} things at most`)] : found;
}

function numberProblems({ position, weight }: Rule): FieldProblem[] {
  return [
    ...(position >= 1 && position <= POSITION_MAX
      ? []
      : [problem("position", `Position must be a whole number from 1 to ${POSITION_MAX}`)]),
    ...(weight >= 0 && weight <= WEIGHT_MAX
      ? []
      : [problem("weight", `Weight must be a whole number from 0 to ${WEIGHT_MAX}`)]),
  ];
}

const FIELDS: Readonly<Record<string, keyof RouteForm>> = { countryPrefixes: "countries", serviceIds: "services" };

function senselessProblems(rule: Rule, { channel, name }: ProviderSummary): FieldProblem[] {
  const what = { sms: "texts", email: "emails", letter: "letters", chat: "chat messages" }[channel];
  return senselessIn(channel, rule).map((field) =>
    problem(FIELDS[field] ?? (field as keyof RouteForm), `${name} carries ${what}: they have nothing of the kind`),
  );
}
