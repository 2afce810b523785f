/** `/services/:sid/settings/content-rules` and `/platform/settings/content-rules`: what messages may not say. */
import { LOOKED_FOR, RULE_ACTIONS, RULED_CHANNELS } from "../../../core/content-rules/content-rule.ts";
import { removeContentRule, saveContentRule } from "../../../flow/content-rules/change-content-rules.ts";
import { listContentRules, type StoredContentRule } from "../../../records/content-rules/content-rule-store.ts";
import { countryNames, readCountries } from "../formats/countries.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, readList, submit, type Values } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit, UserVisit } from "../http/visit.ts";

const SERVICE_RULES = "/services/:sid/settings/content-rules";
const PLATFORM_RULES = "/platform/settings/content-rules";
const WHO = { permission: "manage_service" } as const;
const FIELDS = ["name", "looksFor", "action", "entries", "countries"] as const;
type Field = (typeof FIELDS)[number] | "channels";

interface ShownRule {
  id: string;
  name: string;
  facts: readonly string[];
}

interface RulesPage {
  url: string;
  backUrl: string;
  isPlatform: boolean;
  form: Form<Field>;
  lookedFor: readonly { value: string; text: string; hint: { text: string }; checked: boolean }[];
  actions: RulesPage["lookedFor"];
  channels: readonly { value: string; text: string; checked: boolean }[];
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

const showRules = page<RulesPage>("content-rules/content-rules.njk");
const NEW_RULE: Values<Field> = {
  ...{ name: "", looksFor: "words", action: "refuse", entries: "", countries: "" },
  channels: "sms email",
};

export const contentRuleRoutes: readonly Route[] = [
  route({ method: "GET", url: SERVICE_RULES, who: WHO, handler: (visit) => open(visit, serviceScope(visit)) }),
  route({ method: "POST", url: SERVICE_RULES, who: WHO, handler: (visit) => save(visit, serviceScope(visit)) }),
  route({
    method: "POST",
    url: `${SERVICE_RULES}/removals`,
    who: WHO,
    handler: (visit) => remove(visit, serviceScope(visit)),
  }),
  route({ method: "GET", url: PLATFORM_RULES, who: "platform-admin", handler: (visit) => open(visit, PLATFORM) }),
  route({ method: "POST", url: PLATFORM_RULES, who: "platform-admin", handler: (visit) => save(visit, PLATFORM) }),
  route({
    method: "POST",
    url: `${PLATFORM_RULES}/removals`,
    who: "platform-admin",
    handler: (visit) => remove(visit, PLATFORM),
  }),
];

const PLATFORM: Scope = { serviceId: undefined, url: PLATFORM_RULES, backUrl: "/platform/settings" };

function serviceScope({ service }: ServiceVisit): Scope {
  const settings = `/services/${service.id}/settings`;
  return { serviceId: service.id, url: `${settings}/content-rules`, backUrl: settings };
}

/** The form begins with a rule that is asked for by its id. */
async function open(visit: UserVisit, scope: Scope): Promise<Answer> {
  const rules = await listContentRules(visit.app.db, scope.serviceId);
  const rule = rules.find(({ id }) => id === visit.query.get("rule"));
  return show(visit, scope, formOf(rule ? filledIn(rule) : NEW_RULE));
}

function filledIn({ name, looksFor, action, entries, channels, countryPrefixes }: StoredContentRule): Values<Field> {
  const lists = { entries: entries.join("\n"), channels: channels.join(" "), countries: countryPrefixes.join(", ") };
  return { name, looksFor, action, ...lists };
}

async function show(visit: UserVisit, scope: Scope, form: Form<Field>): Promise<Answer> {
  const { app, text } = visit;
  const isPlatform = scope.serviceId === undefined;
  const rules = await listContentRules(app.db, scope.serviceId);
  const others = isPlatform ? [] : await listContentRules(app.db, undefined);
  return showRules(visit, {
    ...{ url: scope.url, backUrl: scope.backUrl, isPlatform, form },
    lookedFor: LOOKED_FOR.map((value) => ({
      ...{ value, text: text(`contentRules.for.${value}`), hint: { text: text(`contentRules.for.${value}.hint`) } },
      checked: form.values.looksFor === value,
    })),
    actions: RULE_ACTIONS.map((value) => ({
      ...{ value, text: text(`contentRules.do.${value}`), hint: { text: text(`contentRules.do.${value}.hint`) } },
      checked: form.values.action === value,
    })),
    channels: RULED_CHANNELS.map((value) => {
      return {
        value,
        text: text(`contentRules.channel.${value}`),
        checked: form.values.channels.split(" ").includes(value),
      };
    }),
    rules: rules.map((rule) => shown(visit, rule)),
    others: others.map((rule) => shown(visit, rule)),
  });
}

function shown({ text }: UserVisit, rule: StoredContentRule): ShownRule {
  const { id, name, looksFor, action, entries, channels, countryPrefixes } = rule;
  const names = countryNames();
  const countries = countryPrefixes.map((prefix) => names.get(prefix) ?? `+${prefix}`).join("; ");
  const facts = [
    text(`contentRules.for.${looksFor}`) +
      (entries.length > 0 ? ` (${text("contentRules.entries", { count: entries.length })})` : ""),
    text("contentRules.in", { channels: channels.map((one) => text(`contentRules.in.${one}`)).join(", ") }),
    ...(countries === "" ? [] : [text("contentRules.to", { countries })]),
    text(`contentRules.done.${action}`),
  ];
  return { id, name, facts };
}

function save(visit: UserVisit, scope: Scope): Promise<Answer> {
  const channels = readList(visit, "channels");
  const values = { ...readFields(visit, FIELDS), channels: channels.join(" ") };
  return submit({
    values,
    refusedAt: "name",
    act: async () => {
      const form = { ...values, channels, countries: readCountries(values.countries) };
      await saveContentRule(visit.app, actorOf(visit), { serviceId: scope.serviceId, form });
      return redirect(scope.url, { flash: visit.text("contentRules.saved") });
    },
    showAgain: (form) => show(visit, scope, form),
  });
}

async function remove(visit: UserVisit, { serviceId, url }: Scope): Promise<Answer> {
  const { name } = readFields(visit, ["name"]);
  await removeContentRule(visit.app, actorOf(visit), { serviceId, name });
  return redirect(url, { flash: visit.text("contentRules.removed") });
}
