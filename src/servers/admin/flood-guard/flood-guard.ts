/** `/services/:sid/settings/flood-guard` and `/platform/settings/flood-guard`: what stops floods, and what is stopped now. */
import {
  FLOOD_ACTIONS,
  FLOOD_KINDS,
  FLOOD_LIMITS,
  FLOOD_USUAL,
  type FloodNumber,
  type FloodRule,
} from "../../../core/floods/flood-rule.ts";
import { liftFloodStop, removeFloodRule, saveFloodRule } from "../../../flow/floods/change-flood-rules.ts";
import { FLOOD_STOPS_MAX } from "../../../flow/floods/tend-floods.ts";
import { listFloodRules } from "../../../records/floods/flood-rule-store.ts";
import { type ListedFloodStop, listFloodStops } from "../../../records/floods/flood-stop-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit, type Values } from "../http/form.ts";
import { asId } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit, UserVisit } from "../http/visit.ts";
import { parseLimit } from "../settings/guards.ts";

const SERVICE_GUARD = "/services/:sid/settings/flood-guard";
const PLATFORM_GUARD = "/platform/settings/flood-guard";
const WHO = { permission: "manage_service" } as const;
const NUMBERS = ["atLeast", "timesUsual", "windowMinutes", "prefixDigits", "stopsMinutes"] as const;
const FIELDS = ["countsBy", "action", ...NUMBERS] as const;
type Field = (typeof FIELDS)[number];

interface ShownStop {
  id: string;
  what: string;
  startedAt: Date;
  until: string;
  /** What it has kept back. */
  kept: string;
  mayLift: boolean;
}

interface ShownRule {
  countsBy: string;
  name: string;
  facts: readonly string[];
}

interface Choice {
  value: string;
  text: string;
  hint: { text: string };
  checked: boolean;
}

interface GuardPage {
  url: string;
  backUrl: string;
  isPlatform: boolean;
  form: Form<Field>;
  kinds: readonly Choice[];
  actions: readonly Choice[];
  numbers: readonly { name: FloodNumber; label: string; hint: string }[];
  stops: readonly ShownStop[];
  rules: readonly ShownRule[];
  /** Of the installation, on a service's page. */
  others: readonly ShownRule[];
}

/** Of one service, or of the installation. */
interface Scope {
  serviceId: string | undefined;
  url: string;
  backUrl: string;
}

const showGuard = page<GuardPage>("flood-guard/flood-guard.njk");
const PLATFORM: Scope = { serviceId: undefined, url: PLATFORM_GUARD, backUrl: "/platform/settings" };

type Handler = (visit: UserVisit, scope: Scope) => Promise<Answer>;

export const floodGuardRoutes: readonly Route[] = [
  ...pagesOf("GET", "", open),
  ...pagesOf("POST", "", save),
  ...pagesOf("POST", "/removals", remove),
  ...pagesOf("POST", "/lifts", lift),
];

/** The same page twice: for a service, and for the installation. */
function pagesOf(method: "GET" | "POST", path: string, handler: Handler): Route[] {
  return [
    route({ method, url: `${SERVICE_GUARD}${path}`, who: WHO, handler: (visit) => handler(visit, scopeOf(visit)) }),
    route({
      ...{ method, url: `${PLATFORM_GUARD}${path}`, who: "platform-admin" },
      handler: (visit) => handler(visit, PLATFORM),
    }),
  ];
}

function scopeOf({ service }: ServiceVisit): Scope {
  const settings = `/services/${service.id}/settings`;
  return { serviceId: service.id, url: `${settings}/flood-guard`, backUrl: settings };
}

/** The form begins with the guard that is asked for by what it counts. */
async function open(visit: UserVisit, scope: Scope): Promise<Answer> {
  const rules = await listFloodRules(visit.app.db, scope.serviceId);
  const asked = rules.find(({ countsBy }) => countsBy === visit.query.get("counts"));
  return show(visit, scope, formOf(filledIn(asked ?? { ...FLOOD_USUAL, countsBy: "prefix" })));
}

function filledIn(rule: FloodRule): Values<Field> {
  return Object.fromEntries(FIELDS.map((field) => [field, String(rule[field])])) as Values<Field>;
}

async function show(visit: UserVisit, scope: Scope, form: Form<Field>): Promise<Answer> {
  const { app, text, now } = visit;
  const { serviceId, url, backUrl } = scope;
  const isPlatform = serviceId === undefined;
  const rules = await listFloodRules(app.db, serviceId);
  const others = isPlatform ? [] : await listFloodRules(app.db, undefined);
  const stops = await listFloodStops(app.db, { serviceId, now, limit: FLOOD_STOPS_MAX });
  return showGuard(visit, {
    ...{ url, backUrl, isPlatform, form },
    kinds: FLOOD_KINDS.map((value) => ({
      ...{ value, text: text(`floodGuard.by.${value}`), hint: { text: text(`floodGuard.by.${value}.hint`) } },
      checked: value === form.values.countsBy,
    })),
    actions: FLOOD_ACTIONS.map((value) => ({
      ...{ value, text: text(`floodGuard.do.${value}`), hint: { text: text(`floodGuard.do.${value}.hint`) } },
      checked: value === form.values.action,
    })),
    numbers: NUMBERS.map((name) => ({
      name,
      label: text(`floodGuard.${name}`),
      hint: text(`floodGuard.${name}.hint`, FLOOD_LIMITS[name]),
    })),
    stops: stops.map((stop) => shownStop(visit, scope, stop)),
    rules: rules.map((rule) => shownRule(visit, rule)),
    others: others.map((rule) => shownRule(visit, rule)),
  });
}

/** Of a service on its own page, what is stopped; on the installation's, of which service as well. */
function shownStop({ text, formats }: UserVisit, { serviceId }: Scope, stop: ListedFloodStop): ShownStop {
  const { id, countsBy, subject, templateName, serviceName, startedAt, endsAt, isPlatform, refused, held } = stop;
  const what = text(`floodGuard.stopped.${countsBy}`, { prefix: subject, template: templateName ?? subject });
  return {
    ...{ id, startedAt },
    what: serviceId === undefined ? text("floodGuard.stopped.of", { service: serviceName, what }) : what,
    until: endsAt ? text("floodGuard.until", { time: formats.exactTime(endsAt) }) : text("floodGuard.untilLifted"),
    kept: [
      ...(refused > 0 || held === 0 ? [text("floodGuard.refused", { count: refused })] : []),
      ...(held > 0 ? [text("floodGuard.held", { count: held })] : []),
    ].join(" "),
    mayLift: serviceId === undefined || !isPlatform,
  };
}

function shownRule({ text, formats }: UserVisit, rule: FloodRule): ShownRule {
  const { countsBy, atLeast, timesUsual, windowMinutes, prefixDigits, action, stopsMinutes } = rule;
  const facts = [
    (countsBy === "spend"
      ? text("floodGuard.fact.cost", { amount: formats.wholeMoney(atLeast) })
      : text("floodGuard.fact.texts", { count: atLeast })) +
      (timesUsual > 0 ? text("floodGuard.fact.usual", { times: timesUsual }) : "") +
      text("floodGuard.fact.within", { count: windowMinutes }),
    ...(countsBy === "prefix" ? [text("floodGuard.fact.digits", { count: prefixDigits })] : []),
    text(`floodGuard.fact.${action}`),
    stopsMinutes === 0 ? text("floodGuard.fact.forGood") : text("floodGuard.fact.for", { count: stopsMinutes }),
  ];
  return { countsBy, name: text(`floodGuard.by.${countsBy}`), facts };
}

function save(visit: UserVisit, scope: Scope): Promise<Answer> {
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "countsBy",
    act: async () => {
      const { countsBy, action } = values;
      const numbers = Object.fromEntries(
        NUMBERS.map((name) => [name, parseLimit(values[name]) ?? Number.NaN]),
      ) as Record<FloodNumber, number>;
      const form = { countsBy, action, ...numbers };
      await saveFloodRule(visit.app, actorOf(visit), { serviceId: scope.serviceId, form });
      return redirect(scope.url, { flash: visit.text("floodGuard.saved") });
    },
    showAgain: (form) => show(visit, scope, form),
  });
}

async function remove(visit: UserVisit, { serviceId, url }: Scope): Promise<Answer> {
  const { countsBy } = readFields(visit, ["countsBy"]);
  await removeFloodRule(visit.app, actorOf(visit), { serviceId, countsBy });
  return redirect(url, { flash: visit.text("floodGuard.removed") });
}

async function lift(visit: UserVisit, { serviceId, url }: Scope): Promise<Answer> {
  const id = asId(readFields(visit, ["stop"]).stop) ?? NO_ID;
  await liftFloodStop(visit.app, actorOf(visit), { serviceId, id });
  return redirect(url, { flash: visit.text("floodGuard.lifted") });
}

const NO_ID = "00000000-0000-0000-0000-000000000000";
