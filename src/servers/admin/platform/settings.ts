/** `/platform/settings`: who may make an account, and the organisation's own sign-in. */
import { changeRegistrationRule, changeSingleSignOn } from "../../../flow/people/platform.ts";
import { SINGLE_SIGN_ON_PATH } from "../../../flow/people/single-sign-on.ts";
import { listContentRules } from "../../../records/content-rules/content-rule-store.ts";
import { getAuditDays } from "../../../records/deployment/audit-period.ts";
import {
  findSingleSignOn,
  getRegistrationRule,
  type RegistrationRule,
} from "../../../records/deployment/people-settings.ts";
import { getRepeatLimits, type RepeatLimits } from "../../../records/deployment/repeat-limits.ts";
import { listFloodRules } from "../../../records/floods/flood-rule-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, submit, type Values } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { auditPeriodRoutes } from "./audit-period.ts";
import { homeCurrencyRoutes } from "./home-currency.ts";
import { repeatGuardRoutes } from "./repeat-guard.ts";

const SETTINGS_URL = "/platform/settings";
const REGISTRATION_URL = `${SETTINGS_URL}/registration`;
const SIGN_ON_URL = `${SETTINGS_URL}/single-sign-on`;
const RULES = ["invitation", "domains", "open"] as const satisfies readonly RegistrationRule["kind"][];
const RULE_FIELDS = ["rule", "domains"] as const;
const SIGN_ON_FIELDS = ["issuer", "clientId", "clientSecret", "allowedDomains"] as const;
type RuleField = (typeof RULE_FIELDS)[number];
type SignOnField = (typeof SIGN_ON_FIELDS)[number];

interface SettingsData {
  rule: RegistrationRule;
  ruleText: string;
  issuer: string | undefined;
  repeats: RepeatLimits;
  auditDays: number;
  contentRuleCount: number;
  floodGuardCount: number;
}

const showSettings = page<SettingsData>("platform/settings.njk");
const showRegistration = page<{ form: Form<RuleField> }>("platform/registration.njk");
const showSignOn = page<{ form: Form<SignOnField>; isSetUp: boolean; callbackUrl: string }>(
  "platform/single-sign-on.njk",
);

export const platformSettingRoutes: readonly Route[] = [
  route({ method: "GET", url: SETTINGS_URL, who: "platform-admin", handler: openSettings }),
  route({ method: "GET", url: REGISTRATION_URL, who: "platform-admin", handler: openRegistration }),
  route({ method: "POST", url: REGISTRATION_URL, who: "platform-admin", handler: setRegistration }),
  route({ method: "GET", url: SIGN_ON_URL, who: "platform-admin", handler: openSignOn }),
  route({ method: "POST", url: SIGN_ON_URL, who: "platform-admin", handler: setSignOn }),
  ...repeatGuardRoutes,
  ...auditPeriodRoutes,
  ...homeCurrencyRoutes,
];

async function openSettings(visit: UserVisit): Promise<Answer> {
  const { app, text } = visit;
  const [rule, signOn] = await Promise.all([getRegistrationRule(app.db), findSingleSignOn(app.db, app.keys.master)]);
  const [repeats, auditDays] = await Promise.all([getRepeatLimits(app.db), getAuditDays(app.db)]);
  return showSettings(visit, {
    repeats,
    auditDays,
    contentRuleCount: (await listContentRules(app.db, undefined)).length,
    floodGuardCount: (await listFloodRules(app.db, undefined)).length,
    rule,
    ruleText: text(`platform.registration.${rule.kind}`),
    issuer: signOn?.issuer,
  });
}

async function openRegistration(visit: UserVisit): Promise<Answer> {
  const rule = await getRegistrationRule(visit.app.db);
  const domains = rule.kind === "domains" ? rule.domains.join("\n") : "";
  return showRegistration(visit, { form: formOf<RuleField>({ rule: rule.kind, domains }) });
}

function setRegistration(visit: UserVisit): Promise<Answer> {
  const values = readFields(visit, RULE_FIELDS);
  return submit({
    values,
    refusedAt: "rule",
    act: async () => {
      await changeRegistrationRule(visit.people, actorOf(visit), readRule(visit, values));
      return redirect(SETTINGS_URL, { flash: visit.text("platform.registration.saved") });
    },
    showAgain: (form) => showRegistration(visit, { form }),
  });
}

function readRule({ text }: UserVisit, values: Values<RuleField>): RegistrationRule {
  const kind = RULES.find((one) => one === values.rule);
  if (!kind) throw new InvalidFields({ rule: text("platform.registration.choose") });
  return kind === "domains" ? { kind, domains: readLines(values.domains) } : { kind };
}

async function openSignOn(visit: UserVisit): Promise<Answer> {
  const { app } = visit;
  const current = await findSingleSignOn(app.db, app.keys.master);
  const values = {
    issuer: current?.issuer ?? "",
    clientId: current?.clientId ?? "",
    clientSecret: "",
    allowedDomains: current?.allowedDomains.join("\n") ?? "",
  };
  return showForm(visit, formOf<SignOnField>(values));
}

async function showForm(visit: UserVisit, form: Form<SignOnField>): Promise<Answer> {
  const { app, origin } = visit;
  const isSetUp = (await findSingleSignOn(app.db, app.keys.master)) !== undefined;
  // What was typed as the secret is not sent back.
  const shown = { ...form, values: { ...form.values, clientSecret: "" } };
  return showSignOn(visit, { form: shown, isSetUp, callbackUrl: `${origin}${SINGLE_SIGN_ON_PATH}` });
}

/** A secret that is left empty stays as it is; the button that removes everything sends `removal`. */
async function setSignOn(visit: UserVisit): Promise<Answer> {
  const { people, app, text } = visit;
  const values = readFields(visit, SIGN_ON_FIELDS);
  return submit({
    values,
    refusedAt: "issuer",
    act: async () => {
      if (visit.body.has("removal")) {
        await changeSingleSignOn(people, actorOf(visit), undefined);
        return redirect(SETTINGS_URL, { flash: text("platform.signOn.removed") });
      }
      const current = await findSingleSignOn(app.db, app.keys.master);
      const clientSecret = values.clientSecret || (current?.clientSecret ?? "");
      const { issuer, clientId, allowedDomains } = values;
      const wanted = { issuer, clientId, clientSecret, allowedDomains: readLines(allowedDomains) };
      await changeSingleSignOn(people, actorOf(visit), wanted);
      return redirect(SETTINGS_URL, { flash: text("platform.signOn.saved") });
    },
    showAgain: (form) => showForm(visit, form),
  });
}

/** One on a line, or between commas. */
function readLines(text: string): string[] {
  return text
    .split(/[\s,]+/)
    .map((line) => line.trim())
    .filter(Boolean);
}
