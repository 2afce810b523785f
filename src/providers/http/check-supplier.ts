/** Finds what is wrong with a supplier's description before anything is sent with it. */
import { type Fields, fillUrl, MESSAGE_FIELDS, namesIn } from "./fill.ts";
import { AUTH, BODY, PICK } from "./request-shapes.ts";
import {
  anything,
  flag,
  having,
  httpStatus,
  listOf,
  object,
  oneOf,
  optional,
  pattern,
  recordOf,
  type Shape,
  seconds,
  text,
} from "./shape.ts";
import type { HttpSupplier, JsonTemplate, SignatureRule } from "./supplier.ts";

const STATUSES = ["pending", "delivered", "temporary-failure", "permanent-failure", "technical-failure"];
const REPORTED = oneOf(...STATUSES);
const REPLY = object({ status: httpStatus, contentType: text, body: anything });
const VALUES = listOf(text, { min: 1 });
const CONDITION = having("pattern", object({ pattern, is: VALUES }), object({ path: text, is: VALUES }));

const ANSWER = object({
  rules: listOf(
    object({
      statuses: listOf(httpStatus, { min: 2, max: 2 }),
      where: optional(CONDITION),
      means: oneOf("accepted", "refused", "unavailable"),
    }),
    { min: 1 },
  ),
  reference: having("path", PICK, having("pattern", PICK, oneOf("notification-id"))),
  code: optional(PICK),
});

const SIGNATURE = object({
  header: text,
  algorithm: oneOf("sha1", "sha256"),
  encoding: oneOf("hex", "base64"),
  key: text,
  over: having("url", object({ url: text }), oneOf("body")),
});

const REPORT_MEMBERS: Record<string, Shape> = {
  format: oneOf("json", "form", "query"),
  required: listOf(text),
  failure: text,
  reply: REPLY,
  malformedReply: optional(REPLY),
  signature: optional(SIGNATURE),
};

const BY_CODE = object({ byCode: recordOf(REPORTED), otherwise: REPORTED, otherwiseIfPending: optional(REPORTED) });

const RECEIPTS = object({
  ...REPORT_MEMBERS,
  reference: text,
  status: text,
  code: optional(text),
  at: optional(text),
  network: optional(text),
  isOurReference: optional(flag),
  statuses: recordOf(having("byCode", BY_CODE, oneOf(...STATUSES, "no-news"))),
  otherwise: REPORTED,
});

const INBOUND = object({
  ...REPORT_MEMBERS,
  from: text,
  to: text,
  text,
  sentAt: optional(text),
  reference: optional(text),
  decode: optional(listOf(oneOf("url", "escapes"))),
  needsJsonContentType: optional(flag),
});

const SUPPLIER = object({
  settings: recordOf(having("default", object({ default: text }), oneOf("required", "optional"))),
  send: object({
    method: oneOf("POST", "PUT", "GET"),
    url: text,
    headers: optional(recordOf(text)),
    auth: optional(AUTH),
    body: BODY,
    validityMaxSeconds: optional(seconds),
    answer: ANSWER,
  }),
  receipts: optional(RECEIPTS),
  inbound: optional(INBOUND),
});

export interface CheckedSupplier {
  supplier: HttpSupplier;
  /** As given, with the defaults. */
  settings: Fields;
}

/** Throws an error whose message is one line that names the wrong place: `settings.apiKey is missing`. */
export function checkSupplier(description: unknown, given: Readonly<Record<string, string>>): CheckedSupplier {
  refuse(SUPPLIER(description, ""));
  const supplier = description as HttpSupplier; // its shape was just checked
  refuse(settingProblem(supplier, given) ?? nameProblem(supplier));
  const settings = { ...defaults(supplier), ...given };
  refuse(urlProblem(supplier, settings));
  return { supplier, settings };
}

function settingProblem(supplier: HttpSupplier, given: Readonly<Record<string, string>>): string | undefined {
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(supplier.settings, name));
  if (unknown !== undefined) return `settings.${unknown} is not known`;
  const missing = Object.entries(supplier.settings).find(([name, rule]) => rule === "required" && !given[name]);
  if (missing !== undefined) return `settings.${missing[0]} is missing`;
  const unsafe = Object.entries(given).find(([, value]) => typeof value !== "string" || /[\r\n\0]/.test(value));
  return unsafe && `settings.${unsafe[0]} must be one line of text`;
}

function nameProblem(supplier: HttpSupplier): string | undefined {
  const { url, headers, auth, body } = supplier.send;
  const settings = Object.keys(supplier.settings);
  const ofMessage = [...settings, ...MESSAGE_FIELDS];
  const places: [path: string, template: JsonTemplate, known: string[]][] = [
    ["send.url", url, ofMessage],
    ["send.headers", headers ?? null, settings], // one header for all messages: a text could end it early
    ["send.auth", auth ?? null, settings],
    ["send.body", body, ofMessage],
    ["receipts.signature", signedWith(supplier.receipts?.signature), settings],
    ["inbound.signature", signedWith(supplier.inbound?.signature), settings],
  ];
  for (const [path, template, known] of places) {
    const unknown = namesIn(template).find((name) => !known.includes(name));
    if (unknown !== undefined) return `${path} asks for {${unknown}}, which is not known there`;
  }
  return undefined;
}

function signedWith(rule: SignatureRule | undefined): JsonTemplate {
  if (rule === undefined) return null;
  return rule.over === "body" ? rule.key : [rule.key, rule.over.url];
}

function defaults(supplier: HttpSupplier): Record<string, string> {
  const withDefault = Object.entries(supplier.settings).flatMap(([name, rule]) =>
    typeof rule === "object" ? [[name, rule.default] as const] : [],
  );
  return Object.fromEntries(withDefault);
}

function urlProblem(supplier: HttpSupplier, settings: Fields): string | undefined {
  const url = fillUrl(supplier.send.url, {
    ...Object.fromEntries(MESSAGE_FIELDS.map((name) => [name, "x"])),
    ...settings,
  });
  return URL.canParse(url) && /^https?:/.test(url) ? undefined : "send.url must lead to a complete https:// address";
}

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new Error(problem);
}
