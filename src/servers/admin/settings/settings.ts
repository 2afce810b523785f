/** `/services/:sid/settings`: what is set of a service, in groups; each row leads to the page that changes it. */

import { titleOf } from "../../../flow/brands/brand-words.ts";
import { usedToday } from "../../../flow/intake/daily-limit.ts";
import { previewEmailSender } from "../../../flow/services/settings.ts";
import type { BrandedChannel } from "../../../records/brands/brand.ts";
import { findBrandInUse } from "../../../records/brands/service-brand-store.ts";
import { getReplySettings } from "../../../records/replies/reply-settings-store.ts";
import { listLetterContacts } from "../../../records/senders/letter-contact-store.ts";
import type { LimitKind } from "../../../records/services/service.ts";
import { listActiveNumbers } from "../../../records/services/service-setting-store.ts";
import type { Answer } from "../http/answer.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { suppressionsPath } from "../suppressions/paths.ts";
import { budgetRoutes } from "./budget.ts";
import { type ChoiceName, choiceRoutes, shownChoice } from "./choices.ts";
import { deleteRoutes, mayDelete } from "./delete-service.ts";
import { generalRoutes } from "./general.ts";
import { guardRoutes } from "./guards.ts";
import { keywordRoutes } from "./keywords.ts";
import { letterContactRoutes } from "./letter-contacts.ts";
import { protectionRows } from "./protection-rows.ts";
import { replyRoutes } from "./replies.ts";
import { replyToRoutes } from "./reply-to.ts";
import type { Row } from "./row.ts";
import { senderApplicationRoutes } from "./sender-applications.ts";
import { senderPoolRoutes } from "./sender-pools.ts";
import { senderProofRoutes } from "./sender-proof.ts";
import { suppressionRuleRoutes } from "./suppression-rules.ts";
import { textSenderRoutes } from "./text-senders.ts";
import { undoRoutes } from "./undo.ts";

interface Group {
  title: string;
  rows: readonly Row[];
}

const showSettings = page<{
  serviceId: string;
  mayChange: boolean;
  mayChangeLimits: boolean;
  mayDelete: boolean;
  trial: { messagesPerDay: number; goLiveUrl: string | undefined } | undefined;
  groups: readonly Group[];
  limits: Group;
}>("settings/settings.njk");

export const settingRoutes: readonly Route[] = [
  route({
    method: "GET",
    url: "/services/:sid/settings",
    who: { permission: ["manage_service", "manage_api_keys"] },
    handler: openSettings,
  }),
  ...generalRoutes,
  ...budgetRoutes,
  ...guardRoutes,
  ...suppressionRuleRoutes,
  ...undoRoutes,
  ...choiceRoutes,
  ...senderPoolRoutes,
  ...textSenderRoutes,
  ...senderApplicationRoutes,
  ...senderProofRoutes,
  ...replyRoutes,
  ...keywordRoutes,
  ...replyToRoutes,
  ...letterContactRoutes,
  ...deleteRoutes,
];

async function openSettings(visit: ServiceVisit): Promise<Answer> {
  const { app, service, may, visitor } = visit;
  const mayChange = may("manage_service");
  return showSettings(visit, {
    serviceId: service.id,
    mayChange,
    mayChangeLimits: visitor.isPlatformAdmin,
    mayDelete: mayChange && mayDelete(visit),
    trial: mayChange ? trialOf(visit) : undefined,
    groups: mayChange ? await allGroups(visit) : await sendersAlone(visit),
    limits: limitsOf(visit, await usedToday(app, service.id)),
  });
}

function trialOf({
  service,
  admin,
}: ServiceVisit): { messagesPerDay: number; goLiveUrl: string | undefined } | undefined {
  if (!service.isTrial) return undefined;
  const hasPage = admin.urls.has("/services/:sid/go-live");
  return {
    messagesPerDay: Math.max(service.dailyLimits.sms, service.dailyLimits.email),
    goLiveUrl: hasPage ? `/services/${service.id}/go-live` : undefined,
  };
}

async function allGroups(visit: ServiceVisit): Promise<Group[]> {
  const { app, service, text } = visit;
  const [number] = await listActiveNumbers(app.db, service.id);
  return [
    { title: text("settings.group.general"), rows: generalRows(visit) },
    { title: text("settings.group.protection"), rows: protectionRows(visit) },
    { title: text("settings.group.email"), rows: await emailRows(visit) },
    { title: text("settings.group.texts"), rows: [...textRows(visit, number?.number), await repliesRow(visit)] },
    { title: text("settings.group.letters"), rows: await letterRows(visit) },
    { title: text("settings.group.chat"), rows: [choiceRow(visit, "chat-messages")] },
    ...connectionGroup(visit),
  ];
}

/** What whoever writes requests needs to know. */
async function sendersAlone(visit: ServiceVisit): Promise<Group[]> {
  const { text } = visit;
  return [
    { title: text("settings.group.email"), rows: [replyToRow(visit)] },
    { title: text("settings.group.texts"), rows: [textSenderRow(visit)] },
    { title: text("settings.group.letters"), rows: [await letterContactRow(visit)] },
    ...connectionGroup(visit),
  ];
}

function connectionGroup({ service, text, may }: ServiceVisit): Group[] {
  if (!may("manage_api_keys")) return [];
  const url = `/services/${service.id}/settings/connections`;
  const row = { name: text("connections.row"), lines: [{ text: text("connections.row.hint") }], url, isList: true };
  return [{ title: text("settings.group.connections"), rows: [row] }];
}

function generalRows(visit: ServiceVisit): Row[] {
  const { service, text, formats } = visit;
  const { sms, email, letter, chat } = service.retentionDays;
  return [
    { name: text("settings.row.name"), lines: [{ text: service.name }], url: urlOf(visit, "name") },
    {
      name: text("settings.row.retention"),
      lines: [
        { text: text("settings.row.retention.texts", { count: sms }) },
        { text: text("settings.row.retention.emails", { count: email }) },
        { text: text("settings.row.retention.letters", { count: letter }) },
        ...(service.permissions.has("chat") ? [{ text: text("settings.row.retention.chats", { count: chat }) }] : []),
      ],
      url: urlOf(visit, "retention"),
    },
    {
      name: text("settings.row.failing"),
      lines: [{ text: text("settings.row.failing.above", { share: formats.percent(service.failingPercent / 100) }) }],
      url: urlOf(visit, "failing-templates"),
    },
    budgetRow(visit),
    ...suppressionRows(visit),
  ];
}

function budgetRow(visit: ServiceVisit): Row {
  const { service, text, formats } = visit;
  const { monthlyBudget, spendLimits } = service;
  const amount = (pounds: number) => ({ amount: formats.money(String(pounds)) });
  const words = spendLimits.month === undefined ? "settings.row.budget.amount" : "settings.row.budget.stops";
  return {
    name: text("settings.row.budget"),
    lines: [
      ...(monthlyBudget === undefined ? [] : [{ text: text(words, amount(monthlyBudget)) }]),
      ...(spendLimits.day === undefined ? [] : [{ text: text("settings.row.budget.daily", amount(spendLimits.day)) }]),
    ],
    url: urlOf(visit, "budget"),
  };
}

function suppressionRows(visit: ServiceVisit): Row[] {
  const { service, text } = visit;
  const { hasSuppressions, suppressAfterFailures: failures, suppressesObjectors } = service;
  const rules = [
    ...(failures === undefined ? [] : [{ text: text("settings.row.suppression.failures", { count: failures }) }]),
    ...(suppressesObjectors ? [{ text: text("settings.row.suppression.objectors") }] : []),
  ];
  const off = [{ text: text("settings.option.off") }];
  return [
    {
      name: text("settings.row.suppressions"),
      lines: [{ text: text(hasSuppressions ? "settings.row.suppressions.some" : "settings.row.suppressions.none") }],
      url: suppressionsPath(visit),
      isList: true,
    },
    {
      name: text("settings.row.suppression"),
      lines: rules.length > 0 ? rules : off,
      url: urlOf(visit, "suppression"),
    },
  ];
}

async function emailRows(visit: ServiceVisit): Promise<Row[]> {
  const { app, service, text } = visit;
  const address = previewEmailSender(app, service, service.emailSenderLocalPart ?? "");
  return [
    choiceRow(visit, "emails"),
    { name: text("settings.row.emailSender"), lines: [{ text: address }], url: urlOf(visit, "email-sender") },
    replyToRow(visit),
    await brandRow(visit, "email"),
    {
      name: text("settings.row.filesContact"),
      lines: service.filesContact ? [{ text: service.filesContact.value }] : [],
      url: urlOf(visit, "send-files-by-email"),
      isList: true,
    },
  ];
}

function textRows(visit: ServiceVisit, number: string | undefined): Row[] {
  const { service, text } = visit;
  const receiving = choiceRow(visit, "receive-text-messages");
  const isOn = service.permissions.has("inbound_sms") && number !== undefined;
  return [
    choiceRow(visit, "text-messages"),
    textSenderRow(visit),
    choiceRow(visit, "text-prefix"),
    choiceRow(visit, "text-mode"),
    choiceRow(visit, "international-text-messages"),
    choiceRow(visit, "country-codes"),
    choiceRow(visit, "roaming-numbers"),
    repeatsRow(visit),
    quietRow(visit),
    isOn ? { ...receiving, lines: [{ text: text("settings.onNumber", { number }) }] } : receiving,
    choiceRow(visit, "free-text-replies"),
  ];
}

function repeatsRow(visit: ServiceVisit): Row {
  const { service, text } = visit;
  const { same, any } = service.repeatLimits;
  const lines = [
    ...(same > 0 ? [{ text: text("settings.row.repeats.same", { count: same }) }] : []),
    ...(any > 0 ? [{ text: text("settings.row.repeats.any", { count: any }) }] : []),
  ];
  const off = [{ text: text("settings.option.off") }];
  return {
    name: text("settings.row.repeats"),
    lines: lines.length > 0 ? lines : off,
    url: urlOf(visit, "repeat-guard"),
  };
}

function quietRow(visit: ServiceVisit): Row {
  const { service, text } = visit;
  const { quietHours } = service;
  const line = quietHours ? text("settings.row.quiet.hours", { ...quietHours }) : text("settings.option.off");
  return { name: text("settings.row.quiet"), lines: [{ text: line }], url: urlOf(visit, "quiet-hours") };
}

async function letterRows(visit: ServiceVisit): Promise<Row[]> {
  return [
    choiceRow(visit, "letters"),
    choiceRow(visit, "international-letters"),
    await letterContactRow(visit),
    await brandRow(visit, "letter"),
  ];
}

async function brandRow(visit: ServiceVisit, channel: BrandedChannel): Promise<Row> {
  const { app, service, text } = visit;
  const brand = await findBrandInUse(app.db, { serviceId: service.id, channel });
  return {
    name: text(`settings.row.${channel}Branding`),
    lines: brand ? [{ text: titleOf(brand) }] : [],
    url: urlOf(visit, `${channel}-branding`),
    isList: true,
  };
}

function choiceRow(visit: ServiceVisit, name: ChoiceName): Row {
  const { text } = visit;
  return { name: text(`settings.row.${name}`), lines: [{ text: shownChoice(visit, name) }], url: urlOf(visit, name) };
}

function replyToRow(visit: ServiceVisit): Row {
  const { service, text } = visit;
  const lines = service.replyToAddresses.map(({ id, address, isDefault }) => ({ text: address, id, isDefault }));
  return { name: text("settings.row.replyTo"), lines, url: urlOf(visit, "reply-to"), isList: true };
}

async function letterContactRow(visit: ServiceVisit): Promise<Row> {
  const { app, service, text } = visit;
  const lines = (await listLetterContacts(app.db, service.id)).map(({ id, contactBlock, isDefault }) => ({
    text: contactBlock.replaceAll("\n", ", "),
    id,
    isDefault,
  }));
  return { name: text("settings.row.letterContacts"), lines, url: urlOf(visit, "letter-contacts"), isList: true };
}

function textSenderRow(visit: ServiceVisit): Row {
  const { service, text } = visit;
  const lines = service.textSenders.map(({ id, sender, isDefault }) => ({ text: sender, id, isDefault }));
  return { name: text("settings.row.textSenders"), lines, url: urlOf(visit, "text-senders"), isList: true };
}

async function repliesRow(visit: ServiceVisit): Promise<Row> {
  const { app, service, text } = visit;
  const { isOn, forwardTo } = await getReplySettings(app.db, service.id);
  const count = forwardTo.length;
  const lines = [
    { text: text(isOn ? "settings.option.on" : "settings.option.off") },
    ...(count > 0 ? [{ text: text("settings.row.replies.forwarded", { count }) }] : []),
  ];
  return { name: text("settings.row.replies"), lines, url: urlOf(visit, "replies") };
}

function limitsOf({ service, text, formats }: ServiceVisit, used: ReadonlyMap<LimitKind, number>): Group {
  const rows = (["sms", "international_sms", "email", "letter", "chat"] as const).map((kind) => ({
    name: text(`settings.row.limit.${kind}`),
    lines: [
      { text: formats.number(service.dailyLimits[kind]) },
      { text: text("settings.row.limit.used", { used: used.get(kind) ?? 0 }) },
    ],
  }));
  const rate = { name: text("settings.row.rateLimit"), lines: [{ text: formats.number(service.rateLimitPerMinute) }] };
  return { title: text("settings.group.limits"), rows: [...rows, rate] };
}

function urlOf({ service }: ServiceVisit, noun: string): string {
  return `/services/${service.id}/settings/${noun}`;
}
