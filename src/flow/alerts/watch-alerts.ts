/**
 * Looks at every alert rule by the counts of its window, opens and closes alerts, and tells whom the rule names: once when it opens, once when
 * it closes, and a few times in between. For the housekeeping.
 */
import {
  type AlertStep,
  nextAlertStep,
  type Reading,
  readBalance,
  readWindow,
  type WindowCounts,
} from "../../core/alerts/alert-rule.ts";
import { noTimes } from "../../core/quality/histogram.ts";
import { newId } from "../../platform/ids.ts";
import { errorFields } from "../../platform/log.ts";
import { enqueue, type NewJob } from "../../platform/queue.ts";
import {
  type Alert,
  type AlertGrouping,
  closeAlert,
  countWindow,
  deleteAlertsBefore,
  insertAlert,
  listAllRules,
  listOpenAlerts,
  type NewAlert,
  noteReminded,
  type StoredRule,
} from "../../records/alerts/alert-store.ts";
import { findBalance, listBalances } from "../../records/balances/balance-store.ts";
import type { App } from "../app.ts";
import { ALERT_POST_QUEUE } from "../jobs.ts";
import { type Herald, openHerald } from "./herald.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
const USUAL_DAYS = 7;
/** Reports take a while: what was sent a moment ago says nothing of silence. */
const SILENCE_AFTER_MS = 5 * MINUTE_MS;
const KEPT_DAYS = 400;

export async function watchAlerts(app: App): Promise<{ told: number }> {
  await deleteAlertsBefore(app.db, new Date(app.clock.now().getTime() - KEPT_DAYS * DAY_MS));
  const rules = await listAllRules(app.db, app.keys.master);
  if (rules.length === 0) return { told: 0 };
  const herald = openHerald(app);
  let told = 0;
  for (const rule of rules) told += await watchOne(app, herald, rule);
  return { told };
}

/** One rule's trouble is not the others'. */
async function watchOne(app: App, herald: Herald, rule: StoredRule): Promise<number> {
  try {
    const readings = await (rule.kind === "balance" ? readBalances(app, rule) : readCounts(app, rule));
    const open = new Map((await listOpenAlerts(app.db, rule.id)).map((alert) => [alert.subject, alert]));
    let told = 0;
    for (const subject of new Set([...readings.keys(), ...open.keys()])) {
      const seen = { subject, open: open.get(subject), reading: readings.get(subject) };
      told += Number(await take(app, herald, { rule, ...seen }));
    }
    return told;
  } catch (error) {
    app.log.warn("alert.not-watched", { ruleId: rule.id, ...errorFields(error) });
    return 0;
  }
}

interface Seen {
  rule: StoredRule;
  subject: string;
  open: Alert | undefined;
  reading: Reading | undefined;
}

/** Tells first, then notes that it did: whoever breaks off between the two tells the same again, under the same name, which is sent once. */
async function take(app: App, herald: Herald, { rule, subject, open, reading }: Seen): Promise<boolean> {
  const now = app.clock.now();
  const step = nextAlertStep(rule, { open, reading, now });
  if (step === "nothing") return false;
  const alert = open ?? { id: newId(), ruleId: rule.id, subject, value: reading?.value ?? 0, openedAt: now };
  const news = { step, subject, value: reading?.value ?? open?.value ?? 0, reminders: open?.reminders ?? 0, at: now };
  const posts = await herald.tell(rule, { ...news, openedAt: alert.openedAt });
  await note(app, { step, alert, now, posts });
  return true;
}

interface Noted {
  step: AlertStep;
  alert: NewAlert;
  now: Date;
  posts: readonly NewJob[];
}

async function note({ db }: App, { step, alert, now, posts }: Noted): Promise<void> {
  await db.transaction(async (tx) => {
    if (step === "open") await insertAlert(tx, alert);
    if (step === "close") await closeAlert(tx, alert.id, now);
    if (step === "remind") await noteReminded(tx, alert.id);
    await enqueue(tx, ALERT_POST_QUEUE, { entries: posts });
  });
}

/** Slots are five minutes: a window ends with the one that is under way. */
async function readCounts(app: App, rule: StoredRule): Promise<Map<string, Reading | undefined>> {
  const { serviceId, windowMinutes, kind } = rule;
  const by = groupingOf(rule);
  const lag = kind === "receipt-silence" ? SILENCE_AFTER_MS : 0;
  const before = new Date(app.clock.now().getTime() + 1);
  const from = new Date(before.getTime() - windowMinutes * MINUTE_MS);
  const counts = await countWindow(app.db, { serviceId, by, from, before });
  const sentEarlier = lag > 0 ? await sentUntil(app, rule, new Date(before.getTime() - lag)) : undefined;
  const usual = kind === "pumping" ? await usuallySent(app, rule, from) : new Map<string, number>();
  return new Map(
    counts.map(({ subject, ...its }) => {
      const sent = sentEarlier ? (sentEarlier.get(subject) ?? 0) : its.sent;
      const window: WindowCounts = {
        ...its,
        sent,
        usuallySent: usual.get(subject) ?? 0,
        times: its.times ?? noTimes(),
      };
      return [subject, readWindow(rule, window)];
    }),
  );
}

function groupingOf({ serviceId, kind }: StoredRule): AlertGrouping {
  if (kind === "pumping") return "template-country";
  return serviceId === undefined || kind === "receipt-silence" ? "provider" : "template";
}

async function sentUntil(app: App, rule: StoredRule, before: Date): Promise<Map<string, number>> {
  const from = new Date(app.clock.now().getTime() - rule.windowMinutes * MINUTE_MS);
  const counts = await countWindow(app.db, { serviceId: rule.serviceId, by: groupingOf(rule), from, before });
  return new Map(counts.map(({ subject, sent }) => [subject, sent]));
}

/** In as long a time as the window, over the week before it. */
async function usuallySent(app: App, rule: StoredRule, before: Date): Promise<Map<string, number>> {
  const from = new Date(before.getTime() - USUAL_DAYS * DAY_MS);
  const counts = await countWindow(app.db, { serviceId: rule.serviceId, by: groupingOf(rule), from, before });
  const windows = (USUAL_DAYS * DAY_MS) / (rule.windowMinutes * MINUTE_MS);
  return new Map(counts.map(({ subject, sent }) => [subject, sent / windows]));
}

/** Of a service's organisation; for the installation, of each that pays from one. */
async function readBalances(app: App, rule: StoredRule): Promise<Map<string, Reading | undefined>> {
  if (rule.serviceId === undefined) {
    const all = (await listBalances(app.db)).filter(({ isOn }) => isOn);
    return new Map(all.map(({ organisationId, available }) => [organisationId, readBalance(rule, Number(available))]));
  }
  const organisationId = (await app.services.find(rule.serviceId))?.organisationId;
  const balance = organisationId ? await findBalance(app.db, organisationId) : undefined;
  if (!balance?.isOn) return new Map();
  return new Map([[balance.organisationId, readBalance(rule, Number(balance.available))]]);
}
