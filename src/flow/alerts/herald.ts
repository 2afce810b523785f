/** Tells of alerts: by email and by text as Pennypost's own messages, and as a JSON body to addresses on the web. What fails is in the log. */
import type { AlertStep } from "../../core/alerts/alert-rule.ts";
import { createOutbound, type Outbound } from "../../platform/http.ts";
import type { StoredRule } from "../../records/alerts/alert-store.ts";
import type { App } from "../app.ts";
import { createIntake } from "../intake/create-intake.ts";
import { createPeople, type People } from "../people/people.ts";
import { sendOnce } from "../people/send-once.ts";
import { aboutWords, figureWords } from "./alert-words.ts";

const TIMEOUT_MS = 5_000;
const ANSWER_MAX_BYTES = 64 * 1024;

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
  tell(rule: StoredRule, news: AlertNews): Promise<void>;
  close(): Promise<void>;
}

export function openHerald(app: App): Herald {
  const people = createPeople(createIntake(app));
  const outbound = createOutbound({ allowedNetworks: app.callbackNetworks });
  return {
    tell: async (rule, news) => {
      const what = await inWords(app, rule, news);
      await write(people, rule, { ...news, what });
      for (const url of rule.destinations.urls) await post({ app, outbound, rule }, url, { ...news, what });
    },
    close: () => outbound.close(),
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

interface Poster {
  app: App;
  outbound: Outbound;
  rule: StoredRule;
}

/** Nothing is tried again: a reminder comes, and the alert is on the page. */
async function post({ app, outbound, rule }: Poster, url: string, told: Told): Promise<void> {
  const { step, subject, value, at, what } = told;
  const state = { open: "opened", remind: "reminder", close: "closed", nothing: "" }[step];
  const { id, name, kind, threshold, serviceId } = rule;
  const alert = {
    rule_id: id,
    name,
    kind,
    service_id: serviceId ?? null,
    state,
    subject,
    value,
    threshold,
    message: what,
    at,
  };
  const headers = { "content-type": "application/json", "user-agent": "Pennypost" };
  const answer = await outbound.post(url, JSON.stringify(alert), {
    headers,
    timeoutMs: TIMEOUT_MS,
    maxBytes: ANSWER_MAX_BYTES,
  });
  const isTaken = answer.kind === "answered" && answer.status >= 200 && answer.status < 300;
  if (!isTaken) app.log.warn("alert.not-posted", { ruleId: id, answer: answer.kind });
}

async function inWords(app: App, rule: StoredRule, { subject, value, step }: AlertNews): Promise<string> {
  const about = await aboutWords(app, subject);
  return step === "close" ? `${about}: back to usual.` : `${about}: ${figureWords(rule, value)}.`;
}
