/** `/services/:sid/alerts` and `/platform/alerts`: what was out of the ordinary, and the rules by which somebody is told of it. */
import { ALERT_KINDS } from "../../../core/alerts/alert-rule.ts";
import {
  endOldAlertSecret,
  firstAlertSecret,
  OLD_SECRET_HOURS,
  renewAlertSecret,
  signsBeside,
} from "../../../flow/alerts/alert-secrets.ts";
import { aboutWords } from "../../../flow/alerts/alert-words.ts";
import { type RuleForm, removeRule, saveRule } from "../../../flow/alerts/change-rules.ts";
import { type Alert, listAlerts, listRules, type StoredRule } from "../../../records/alerts/alert-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit, UserVisit } from "../http/visit.ts";

const SERVICE_ALERTS = "/services/:sid/alerts";
const PLATFORM_ALERTS = "/platform/alerts";
const MAY_SEE = { permission: ["view_activity", "manage_service"] } as const;
const MAY_CHANGE = { permission: "manage_service" } as const;
const ALERTS_SHOWN_MAX = 50;
const FIELDS = ["name", "kind", "threshold", "windowMinutes", "leastCount", "emails", "numbers", "urls"] as const;
type Field = (typeof FIELDS)[number];

interface ShownAlert extends Alert {
  about: string;
  figure: string;
}

interface ShownRule {
  id: string;
  name: string;
  kindText: string;
  threshold: number;
  windowMinutes: number;
  leastCount: number;
  told: string;
  /** For who may change it, where something is signed. */
  signing: { first: string; replaced: string; oldUntil: string } | undefined;
}

interface AlertsPage {
  url: string;
  backUrl: string;
  form: Form<Field>;
  mayChange: boolean;
  kinds: readonly { value: string; text: string; hint: { text: string }; checked: boolean }[];
  rules: readonly ShownRule[];
  alerts: readonly ShownAlert[];
}

/** Of one service, or of the installation. */
interface Scope {
  serviceId: string | undefined;
  url: string;
  backUrl: string;
  mayChange: boolean;
}

const showAlerts = page<AlertsPage>("alerts/alerts.njk");
const showSecret = page<{ url: string; secret: string; hours: number }>("alerts/secret.njk");
const NEW_RULE: RuleForm = {
  ...{ name: "", kind: "failure-share", threshold: "10", windowMinutes: "30", leastCount: "50" },
  ...{ emails: "", numbers: "", urls: "" },
};

export const alertRoutes: readonly Route[] = [
  route({ method: "GET", url: SERVICE_ALERTS, who: MAY_SEE, handler: (visit) => open(visit, serviceScope(visit)) }),
  route({ method: "GET", url: PLATFORM_ALERTS, who: "platform-admin", handler: (visit) => open(visit, PLATFORM) }),
  ...changesOf("", save),
  ...changesOf("/removals", remove),
  ...changesOf("/secrets", renewSecret),
  ...changesOf("/secrets/endings", endOldSecret),
];

/** The same twice: for a service, and for the installation. */
function changesOf(path: string, handler: (visit: UserVisit, scope: Scope) => Promise<Answer>): Route[] {
  const [service, platform] = [`${SERVICE_ALERTS}${path}`, `${PLATFORM_ALERTS}${path}`];
  return [
    route({
      ...{ method: "POST", url: service, who: MAY_CHANGE },
      handler: (visit) => handler(visit, serviceScope(visit)),
    }),
    route({
      ...{ method: "POST", url: platform, who: "platform-admin" },
      handler: (visit) => handler(visit, PLATFORM),
    }),
  ];
}

const PLATFORM: Scope = { serviceId: undefined, url: PLATFORM_ALERTS, backUrl: "/platform/health", mayChange: true };

function serviceScope({ service, may }: ServiceVisit): Scope {
  const home = `/services/${service.id}`;
  return { serviceId: service.id, url: `${home}/alerts`, backUrl: `${home}/quality`, mayChange: may("manage_service") };
}

/** The form begins with a rule that is asked for by its name. */
async function open(visit: UserVisit, scope: Scope): Promise<Answer> {
  const { app, query } = visit;
  const rules = await listRules(app.db, app.keys.master, scope.serviceId);
  const rule = scope.mayChange ? rules.find(({ id }) => id === query.get("rule")) : undefined;
  return show(visit, scope, formOf(rule ? filledIn(rule) : NEW_RULE));
}

function filledIn({ name, kind, threshold, windowMinutes, leastCount, destinations }: StoredRule): RuleForm {
  const { emails, numbers, urls } = destinations;
  const [t, w, l] = [threshold, windowMinutes, leastCount].map(String);
  const lists = { emails: emails.join("\n"), numbers: numbers.join("\n"), urls: urls.join("\n") };
  return { name, kind, threshold: t ?? "", windowMinutes: w ?? "", leastCount: l ?? "", ...lists };
}

async function show(visit: UserVisit, scope: Scope, form: Form<Field>): Promise<Answer> {
  const { app, text } = visit;
  const rules = await listRules(app.db, app.keys.master, scope.serviceId);
  const alerts = await listAlerts(app.db, scope.serviceId, ALERTS_SHOWN_MAX);
  const shown: ShownAlert[] = [];
  for (const alert of alerts) {
    const rule = rules.find(({ id }) => id === alert.ruleId);
    const figure = rule ? figureOf(visit, rule, alert.value) : "";
    shown.push({ ...alert, figure, about: await aboutWords(app, alert.subject) });
  }
  return showAlerts(visit, {
    ...{ url: scope.url, backUrl: scope.backUrl, form, mayChange: scope.mayChange, alerts: shown },
    kinds: ALERT_KINDS.map((value) => ({
      ...{ value, text: text(`alerts.kind.${value}`), hint: { text: text(`alerts.kind.${value}.hint`) } },
      checked: form.values.kind === value,
    })),
    rules: rules.map((rule) => shownRule(visit, scope, rule)),
  });
}

function shownRule(visit: UserVisit, { mayChange }: Scope, rule: StoredRule): ShownRule {
  const { text } = visit;
  const { id, name, kind, threshold, windowMinutes, leastCount } = rule;
  const { emails, numbers, urls } = rule.destinations;
  const told = text("alerts.told", { count: emails.length + numbers.length + urls.length });
  const signing = mayChange && urls.length > 0 ? signingOf(visit, rule) : undefined;
  return { id, name, kindText: text(`alerts.kind.${kind}`), threshold, windowMinutes, leastCount, told, signing };
}

/** The first secret can be read again; one that has taken its place cannot. */
function signingOf({ app, now, text, formats }: UserVisit, { id, secrets }: StoredRule): ShownRule["signing"] {
  if (!secrets) return { first: firstAlertSecret(app, id), replaced: "", oldUntil: "" };
  const oldUntil = signsBeside(secrets, now) ? formats.exactTime(secrets.before.until) : "";
  return { first: "", replaced: text("alerts.secretKept"), oldUntil };
}

/** “35% failed in 30 minutes, which is more than 10”. */
function figureOf(
  { text, formats }: UserVisit,
  { kind, threshold, windowMinutes: minutes }: StoredRule,
  value: number,
) {
  if (kind === "balance") {
    const amount = (number: number): string => formats.money(number.toFixed(2));
    return text("alerts.figure.balance", { figure: amount(value), limit: amount(threshold) });
  }
  const [figure, limit] = [formats.number(Math.round(value * 10) / 10), formats.number(threshold)];
  if (kind === "failure-share" || kind === "slowness") return text(`alerts.figure.${kind}`, { figure, limit, minutes });
  return text(`alerts.figure.${kind}`, { figure, minutes });
}

function save(visit: UserVisit, scope: Scope): Promise<Answer> {
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "name",
    act: async () => {
      await saveRule(visit.app, actorOf(visit), { serviceId: scope.serviceId, form: values });
      return redirect(scope.url, { flash: visit.text("alerts.saved") });
    },
    showAgain: (form) => show(visit, scope, form),
  });
}

async function remove(visit: UserVisit, { serviceId, url }: Scope): Promise<Answer> {
  const { name } = readFields(visit, ["name"]);
  await removeRule(visit.app, actorOf(visit), { serviceId, name });
  return redirect(url, { flash: visit.text("alerts.removed") });
}

/** In the answer to the form itself: the secret is in no address, and cannot be fetched again. */
async function renewSecret(visit: UserVisit, { serviceId, url }: Scope): Promise<Answer> {
  const { name } = readFields(visit, ["name"]);
  const secret = await renewAlertSecret(visit.app, actorOf(visit), { serviceId, name });
  return showSecret(visit, { url, secret, hours: OLD_SECRET_HOURS });
}

async function endOldSecret(visit: UserVisit, { serviceId, url }: Scope): Promise<Answer> {
  const { name } = readFields(visit, ["name"]);
  await endOldAlertSecret(visit.app, actorOf(visit), { serviceId, name });
  return redirect(url, { flash: visit.text("alerts.oldSecretEnded") });
}
