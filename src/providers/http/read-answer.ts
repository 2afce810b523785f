/** What a supplier's answer means. Nothing a supplier wrote goes into a reason but its code: its words may name the recipient. */
import type { Answer } from "../../platform/http.ts";
import type { Outcome } from "../provider.ts";
import { type Body, pick, readBody } from "./pick.ts";
import type { AnswerRule, OutcomeRule } from "./supplier.ts";

const MS_PER_SECOND = 1_000;
/** A longer wait than this is not believed. */
const RETRY_AFTER_MAX_SECONDS = 3_600;
const CODE_MAX_CHARACTERS = 40;

type Answered = Extract<Answer, { kind: "answered" }>;

export function readAnswer(rule: AnswerRule, answer: Answer, notificationId: string): Outcome {
  switch (answer.kind) {
    case "answered":
      return readAnswered(rule, answer, notificationId);
    case "timeout":
      return {
        kind: "unavailable",
        reason: "no answer in time; the supplier may have the message",
        code: "timeout",
        mayHaveBeenSent: true,
      };
    case "unreachable":
      return { kind: "unavailable", reason: answer.reason, code: "unreachable" };
    case "refused-address":
      return {
        kind: "unavailable",
        reason: `the address may not be called: ${answer.reason}`,
        code: "refused-address",
      };
  }
}

function readAnswered(rule: AnswerRule, answer: Answered, notificationId: string): Outcome {
  const body = readBody(answer.body);
  const met = rule.rules.find((candidate) => fits(candidate, answer.status, body));
  const meaning = met?.means ?? "unavailable";
  if (meaning === "accepted") return { kind: "accepted", references: references(rule, body, notificationId) };
  const code = codeOf(rule, body);
  const told = { reason: reasonFor(answer.status, code), ...(code === undefined ? {} : { code }) };
  if (meaning === "refused") return { kind: "refused", ...told, ...(met?.where ? { dueTo: "message" } : {}) };
  const retryAfterMs = readRetryAfter(answer);
  return { kind: "unavailable", ...told, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

function fits(rule: OutcomeRule, status: number, body: Body): boolean {
  const [from, to] = rule.statuses;
  if (status < from || status > to) return false;
  return rule.where === undefined || rule.where.is.includes(pick(body, rule.where) ?? "");
}

function references(rule: AnswerRule, body: Body, notificationId: string): string[] {
  if (rule.reference === "notification-id") return [notificationId];
  const reference = pick(body, rule.reference);
  return reference === undefined ? [] : [reference];
}

/** Only what looks like a code is kept. */
function codeOf(rule: AnswerRule, body: Body): string | undefined {
  const code = rule.code && pick(body, rule.code);
  return code !== undefined && code.length <= CODE_MAX_CHARACTERS && /^[\w.-]+$/.test(code) ? code : undefined;
}

function reasonFor(status: number, code: string | undefined): string {
  return code === undefined ? `HTTP status ${status}` : `HTTP status ${status}, code ${code}`;
}

/** Only the form in seconds (RFC 9110 §10.2.3): the form with a date would need the supplier's clock to be ours. */
function readRetryAfter(answer: Answered): number | undefined {
  const header = answer.headers["retry-after"];
  if (typeof header !== "string" || !/^\d+$/.test(header)) return undefined;
  return Math.min(Number(header), RETRY_AFTER_MAX_SECONDS) * MS_PER_SECOND;
}
