/** Tells of alerts: by email and by text as Pennypost's own messages, and as a JSON body to addresses on the web. */
import type { AlertStep } from "../../core/alerts/alert-rule.ts";
import type { NewJob } from "../../platform/queue.ts";
import type { StoredRule } from "../../records/alerts/alert-store.ts";
import type { App } from "../app.ts";
import { createIntake } from "../intake/create-intake.ts";
import { createPeople, type People } from "../people/people.ts";
import { sendOnce } from "../people/send-once.ts";
import { alertPosts } from "./alert-posts.ts";
import { aboutWords, figureWords } from "./alert-words.ts";

export interface AlertNews {
  step: AlertStep;
  subject: string;
  value: number;
  /** Told of again before. */
  reminders: number;
  openedAt: Date;
  at: Date;
}

export interface Herald {
  /** What is to be posted is for the transaction that notes the alert. */
  tell(rule: StoredRule, news: AlertNews): Promise<NewJob[]>;
}

export function openHerald(app: App): Herald {
  const people = createPeople(createIntake(app));
  return {
    tell: async (rule, news) => {
      const what = await inWords(app, rule, news);
      await write(people, rule, { ...news, what });
      return alertPosts(app, rule, bodyOf(rule, { ...news, what }));
    },
  };
}

const STATES: Readonly<Record<AlertStep, string>> = {
  open: "Alert",
  remind: "Still an alert",
  close: "Over",
  nothing: "",
};

type Told = AlertNews & { what: string };

async function write(
  people: People,
  rule: StoredRule,
  { step, subject, reminders, openedAt, what }: Told,
): Promise<void> {
  const pages = rule.serviceId === undefined ? "/platform/alerts" : `/services/${rule.serviceId}/alerts`;
  const link = `${people.origins.admin ?? people.origins.own ?? ""}${pages}`;
  const values = { state: STATES[step], alert: rule.name, what, link };
  // A run that breaks off before it has noted what it told opens the same alert a minute later.
  const opening = step === "open" ? openedAt.toISOString().slice(0, 13) : openedAt.toISOString();
  const onceAs = `alert ${rule.id} ${subject} ${step} ${reminders} ${opening}`;
  for (const to of rule.destinations.emails) await sendOnce(people, { kind: "alert-email", to, values, onceAs });
  const { link: _, ...short } = values;
  for (const to of rule.destinations.numbers) await sendOnce(people, { kind: "alert-text", to, values: short, onceAs });
}

/** As a URL is told it. */
function bodyOf(
  { id, name, kind, threshold, serviceId }: StoredRule,
  { step, subject, value, at, what }: Told,
): string {
  const state = { open: "opened", remind: "reminder", close: "closed", nothing: "" }[step];
  const about = { rule_id: id, name, kind, service_id: serviceId ?? null };
  return JSON.stringify({ ...about, state, subject, value, threshold, message: what, at });
}

async function inWords(app: App, rule: StoredRule, { subject, value, step }: AlertNews): Promise<string> {
  const about = await aboutWords(app, subject);
  if (step === "close") return `${about}: back to usual.`;
  const { currency } = await app.prices.home();
  return `${about}: ${figureWords(rule, value, currency)}.`;
}
