/**
 * Settings of a service with something to fill in: its name, how long messages are kept, when a template counts as failing, whom
 * emails are from, whom recipients of files may ask, limits.
 */
import { renameService } from "../../../flow/people/services.ts";
import {
  FAILING_PERCENT,
  previewEmailSender,
  RETENTION_DAYS,
  setDailyLimit,
  setEmailSenderName,
  setFailingPercent,
  setFilesContact,
  setRateLimit,
  setRetention,
} from "../../../flow/services/settings.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, jsonAnswer, redirect } from "../http/answer.ts";
import { errorPage } from "../http/error-pages.ts";
import { type Form, formOf, readFields, refuseIfInvalid, submit, type Values } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";

const NAME_PREVIEWED_MAX_CHARACTERS = 200;
const CHANNELS = ["sms", "email", "letter", "chat"] as const;
type RetentionField = (typeof CHANNELS)[number];
const LIMITS = ["sms", "international_sms", "email", "letter", "chat"] as const;
const LIMIT_FIELDS = [...LIMITS, "rateLimit"] as const;
type LimitField = (typeof LIMIT_FIELDS)[number];
const WHOLE_NUMBER = /^\d{1,9}$/;

const showName = page<{ serviceId: string; form: Form<"name"> }>("settings/name.njk");
const showRetention = page<{ serviceId: string; form: Form<RetentionField>; days: typeof RETENTION_DAYS }>(
  "settings/retention.njk",
);
const showSender = page<{ serviceId: string; form: Form<"name">; address: string }>("settings/email-sender.njk");
const showFailing = page<{ serviceId: string; form: Form<"percent">; percents: typeof FAILING_PERCENT }>(
  "settings/failing-templates.njk",
);
const showFilesContact = page<{ serviceId: string; form: Form<"contact"> }>("settings/files-contact.njk");
const showLimits = page<{ serviceId: string; form: Form<LimitField>; fields: readonly LimitRow[] }>(
  "settings/limits.njk",
);

interface LimitRow {
  name: LimitField;
  label: string;
}

const SETTINGS = "/services/:sid/settings";
const who = { permission: "manage_service" } as const;

export const generalRoutes: readonly Route[] = [
  route({ method: "GET", url: `${SETTINGS}/name`, who, handler: askForName }),
  route({ method: "POST", url: `${SETTINGS}/name`, who, handler: saveName }),
  route({ method: "GET", url: `${SETTINGS}/retention`, who, handler: askForRetention }),
  route({ method: "POST", url: `${SETTINGS}/retention`, who, handler: saveRetention }),
  route({ method: "GET", url: `${SETTINGS}/email-sender`, who, handler: askForSender }),
  route({ method: "GET", url: `${SETTINGS}/email-sender/preview`, who, handler: previewSender }),
  route({ method: "POST", url: `${SETTINGS}/email-sender`, who, handler: saveSender }),
  route({ method: "GET", url: `${SETTINGS}/failing-templates`, who, handler: askForFailing }),
  route({ method: "POST", url: `${SETTINGS}/failing-templates`, who, handler: saveFailing }),
  route({ method: "GET", url: `${SETTINGS}/send-files-by-email`, who, handler: askForFilesContact }),
  route({ method: "POST", url: `${SETTINGS}/send-files-by-email`, who, handler: saveFilesContact }),
  route({ method: "GET", url: `${SETTINGS}/limits`, who, handler: askForLimits }),
  route({ method: "POST", url: `${SETTINGS}/limits`, who, handler: saveLimits }),
];

function askForName(visit: ServiceVisit): Answer {
  const { service } = visit;
  return showName(visit, { serviceId: service.id, form: formOf({ name: service.name }) });
}

async function saveName(visit: ServiceVisit): Promise<Answer> {
  const { people, service } = visit;
  const values = readFields(visit, ["name"]);
  return submit({
    values,
    refusedAt: "name",
    act: async () => {
      await renameService(people, actorOf(visit), { serviceId: service.id, name: values.name });
      return saved(visit);
    },
    showAgain: (form) => showName(visit, { serviceId: service.id, form }),
  });
}

function askForRetention(visit: ServiceVisit): Answer {
  const { sms, email, letter, chat } = visit.service.retentionDays;
  const values = { sms: String(sms), email: String(email), letter: String(letter), chat: String(chat) };
  return showRetentionWith(visit, formOf(values));
}

function showRetentionWith(visit: ServiceVisit, form: Form<RetentionField>): Answer {
  return showRetention(visit, { serviceId: visit.service.id, form, days: RETENTION_DAYS });
}

async function saveRetention(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const values = readFields(visit, CHANNELS);
  return submit({
    values,
    refusedAt: "sms",
    act: async () => {
      const wrong = text("settings.retention.wrong", RETENTION_DAYS);
      refuseIfInvalid(Object.fromEntries(CHANNELS.map((channel) => [channel, !areDays(values[channel]) && wrong])));
      for (const channel of CHANNELS) {
        const value = { channel, days: Number(values[channel]) };
        await setRetention(app, actorOf(visit), { serviceId: service.id, value });
      }
      return saved(visit);
    },
    showAgain: (form) => showRetentionWith(visit, form),
  });
}

function areDays(typed: string): boolean {
  const days = Number(typed);
  return isWhole(typed) && days >= RETENTION_DAYS.min && days <= RETENTION_DAYS.max;
}

function isWhole(typed: string): boolean {
  return WHOLE_NUMBER.test(typed.trim());
}

function askForFailing(visit: ServiceVisit): Answer {
  return showFailingWith(visit, formOf({ percent: String(visit.service.failingPercent) }));
}

function showFailingWith(visit: ServiceVisit, form: Form<"percent">): Answer {
  return showFailing(visit, { serviceId: visit.service.id, form, percents: FAILING_PERCENT });
}

async function saveFailing(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const values = readFields(visit, ["percent"]);
  return submit({
    values,
    refusedAt: "percent",
    act: async () => {
      refuseIfInvalid({ percent: !isWhole(values.percent) && text("settings.failing.wrong", FAILING_PERCENT) });
      await setFailingPercent(app, actorOf(visit), { serviceId: service.id, value: Number(values.percent) });
      return saved(visit);
    },
    showAgain: (form) => showFailingWith(visit, form),
  });
}

function askForSender(visit: ServiceVisit): Answer {
  return showSenderWith(visit, formOf({ name: visit.service.emailSenderLocalPart ?? "" }));
}

function showSenderWith(visit: ServiceVisit, form: Form<"name">): Answer {
  const { app, service } = visit;
  return showSender(visit, {
    serviceId: service.id,
    form,
    address: previewEmailSender(app, service, form.values.name),
  });
}

/** While the name is typed; the page itself has the address of what was there before. */
function previewSender({ app, service, query }: ServiceVisit): Answer {
  const name = (query.get("name") ?? "").slice(0, NAME_PREVIEWED_MAX_CHARACTERS);
  return jsonAnswer({ address: previewEmailSender(app, service, name) });
}

async function saveSender(visit: ServiceVisit): Promise<Answer> {
  const { app, service } = visit;
  const values = readFields(visit, ["name"]);
  return submit({
    values,
    refusedAt: "name",
    act: async () => {
      await setEmailSenderName(app, actorOf(visit), { serviceId: service.id, value: values.name });
      return saved(visit);
    },
    showAgain: (form) => showSenderWith(visit, form),
  });
}

function askForFilesContact(visit: ServiceVisit): Answer {
  const { service } = visit;
  return showFilesContact(visit, {
    serviceId: service.id,
    form: formOf({ contact: service.filesContact?.value ?? "" }),
  });
}

async function saveFilesContact(visit: ServiceVisit): Promise<Answer> {
  const { app, service } = visit;
  const values = readFields(visit, ["contact"]);
  return submit({
    values,
    refusedAt: "contact",
    act: async () => {
      await setFilesContact(app, actorOf(visit), { serviceId: service.id, value: values.contact });
      return saved(visit);
    },
    showAgain: (form) => showFilesContact(visit, { serviceId: service.id, form }),
  });
}

function askForLimits(visit: ServiceVisit): Answer {
  const { dailyLimits, rateLimitPerMinute } = visit.service;
  const values = { ...dailyLimits, rateLimit: rateLimitPerMinute };
  const typed = Object.fromEntries(Object.entries(values).map(([name, limit]) => [name, String(limit)]));
  return showLimitsWith(visit, formOf(typed as Values<LimitField>));
}

/** Limits are set by those who run the deployment, whatever a member may do. */
function showLimitsWith(visit: ServiceVisit, form: Form<LimitField>): Answer {
  const { service, text, visitor } = visit;
  if (!visitor.isPlatformAdmin) return errorPage(visit, "forbidden");
  const daily = LIMITS.map((name) => ({ name, label: text(`settings.row.limit.${name}`) }));
  const fields: LimitRow[] = [...daily, { name: "rateLimit", label: text("settings.row.rateLimit") }];
  return showLimits(visit, { serviceId: service.id, form, fields });
}

async function saveLimits(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text, visitor } = visit;
  if (!visitor.isPlatformAdmin) return errorPage(visit, "forbidden");
  const values = readFields(visit, LIMIT_FIELDS);
  return submit({
    values,
    refusedAt: "sms",
    act: async () => {
      const wrong = LIMIT_FIELDS.map(
        (name) => [name, !isWhole(values[name]) && text("settings.limits.wrong")] as const,
      );
      refuseIfInvalid(Object.fromEntries(wrong));
      for (const kind of LIMITS) {
        const value = { kind, limit: Number(values[kind]) };
        await setDailyLimit(app, actorOf(visit), { serviceId: service.id, value });
      }
      await setRateLimit(app, actorOf(visit), { serviceId: service.id, value: Number(values.rateLimit) });
      return saved(visit);
    },
    showAgain: (form) => showLimitsWith(visit, form),
  });
}

function saved({ service, text }: ServiceVisit): Answer {
  return redirect(`/services/${service.id}/settings`, { flash: text("settings.saved") });
}
