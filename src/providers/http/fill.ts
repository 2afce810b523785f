/** Puts settings and a message into a supplier's request. Each value is encoded for where it goes, and never filled twice. */
import type { TextMessage } from "../provider.ts";
import type { JsonTemplate, SendRule } from "./supplier.ts";

const MS_PER_SECOND = 1_000;
const SECONDS_PER_MINUTE = 60;
/** Shorter numbers are short codes, which are dialled without a country and a plus. */
const LONG_NUMBER_MIN_DIGITS = 7;

export type Fields = Readonly<Record<string, string | number | undefined>>;

export interface SupplierCall {
  url: string;
  headers: Record<string, string>;
  body?: string;
}

export const MESSAGE_FIELDS = [
  "to",
  "toPlus",
  "from",
  "fromPlus",
  "text",
  "encoding",
  "reference",
  "validForSeconds",
  "validForMinutes",
] as const;

type MessageFields = Record<(typeof MESSAGE_FIELDS)[number], string | number | undefined>;

/** `to` and the rest; the time a supplier may keep trying is never longer than what is left. */
export function messageFields(
  message: TextMessage,
  now: Date,
  validityMaxSeconds = Number.POSITIVE_INFINITY,
): MessageFields {
  const leftSeconds = message.validUntil && secondsBetween(now, message.validUntil);
  const validForSeconds = leftSeconds && Math.min(leftSeconds, validityMaxSeconds);
  const isLongNumber = /^\d+$/.test(message.from) && message.from.length >= LONG_NUMBER_MIN_DIGITS;
  return {
    to: message.to,
    toPlus: `+${message.to}`,
    from: message.from,
    fromPlus: isLongNumber ? `+${message.from}` : message.from,
    text: message.text,
    encoding: message.encoding,
    reference: message.notificationId,
    validForSeconds,
    validForMinutes: validForSeconds && Math.max(1, Math.floor(validForSeconds / SECONDS_PER_MINUTE)),
  };
}

/** The whole request for one message. */
export function fillRequest(rule: Omit<SendRule, "answer">, fields: Fields): SupplierCall {
  const headers = { ...authorisation(rule, fields), ...fillAll(rule.headers ?? {}, fields) };
  const url = fillUrl(rule.url, fields);
  switch (rule.body.format) {
    case "json": {
      const body = JSON.stringify(fillJson(rule.body.template, fields));
      return { url, headers: { "content-type": "application/json", ...headers }, body };
    }
    case "form": {
      const body = new URLSearchParams(fillAll(rule.body.fields, fields)).toString();
      return { url, headers: { "content-type": "application/x-www-form-urlencoded", ...headers }, body };
    }
    case "none":
      return { url, headers };
  }
}

export function fillText(template: string, fields: Fields): string {
  return template.replace(/\{(\w+)\}/g, (_whole, name: string) => String(fields[name] ?? ""));
}

export function fillUrl(template: string, fields: Fields): string {
  return template.replace(/\{(\w+)\}/g, (_whole, name: string, at: number) => {
    const value = String(fields[name] ?? "");
    return at === 0 ? value : encodeURIComponent(value);
  });
}

/** The names a template asks for, so that a misspelt one is found before anything is sent. */
export function namesIn(template: JsonTemplate): string[] {
  if (typeof template === "string") return [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "");
  if (typeof template !== "object" || template === null) return [];
  return Object.values(template).flatMap(namesIn);
}

function authorisation({ auth }: Pick<SendRule, "auth">, fields: Fields): Record<string, string> {
  if (auth === undefined) return {};
  if (auth.kind === "bearer") return { authorization: `Bearer ${fillText(auth.token, fields)}` };
  const pair = `${fillText(auth.username, fields)}:${fillText(auth.password, fields)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}

function fillAll(templates: Record<string, string>, fields: Fields): Record<string, string> {
  const filled: Record<string, string> = {};
  for (const [name, template] of Object.entries(templates)) {
    const value = fillLeaf(template, fields);
    if (value !== undefined) filled[name] = String(value);
  }
  return filled;
}

function fillJson(template: JsonTemplate, fields: Fields): JsonTemplate | undefined {
  if (typeof template === "string") return fillLeaf(template, fields);
  if (Array.isArray(template)) return template.map((item) => fillJson(item, fields) ?? null);
  if (typeof template !== "object" || template === null) return template;
  const members = Object.entries(template).map(([name, value]) => [name, fillJson(value, fields)] as const);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined)) as JsonTemplate;
}

/** A template that is one field keeps that field's type, and its absence. */
function fillLeaf(template: string, fields: Fields): string | number | undefined {
  const whole = /^\{(\w+)\}$/.exec(template);
  const value = whole === null ? fillText(template, fields) : fields[whole[1] ?? ""];
  return value === "" && whole !== null ? undefined : value;
}

function secondsBetween(from: Date, to: Date): number {
  return Math.max(1, Math.floor((to.getTime() - from.getTime()) / MS_PER_SECOND));
}
