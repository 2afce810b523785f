/** What a supplier posts to us, in our words, and what it gets back. */
import { networkCode } from "../../core/phone/network-facts.ts";
import type {
  InboundText,
  Receipt,
  ReportedStatus,
  SupplierReply,
  SupplierReport,
  SupplierRequest,
} from "../provider.ts";
import { decodeEscapes, decodeUrlText, readTime } from "./decode.ts";
import type { Fields } from "./fill.ts";
import { parseJson, pickPath } from "./pick.ts";
import type { HttpSupplier, InboundRule, ReceiptsRule } from "./supplier.ts";
import { isSignatureRight } from "./verify-signature.ts";

const NOT_OFFERED = errorReply(404, "This supplier does not report here");
const WRONG_SIGNATURE = errorReply(403, "The signature does not match");
const UNREADABLE = errorReply(400, "The body cannot be read");
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

type Read = { kind: "fields"; fields: unknown } | { kind: "refused"; reply: SupplierReply };

export function readReceipts(
  supplier: HttpSupplier,
  settings: Fields,
  request: SupplierRequest,
): SupplierReport<Receipt> {
  const rule = supplier.receipts;
  if (rule === undefined) return { kind: "refused", reply: NOT_OFFERED };
  const read = readFields(rule, settings, request);
  if (read.kind === "refused") return read;
  const receipt = toReceipt(rule, read.fields);
  return { kind: "news", news: receipt === undefined ? [] : [receipt], reply: rule.reply };
}

export function readInbound(
  supplier: HttpSupplier,
  settings: Fields,
  request: SupplierRequest,
): SupplierReport<InboundText> {
  const rule = supplier.inbound;
  if (rule === undefined) return { kind: "refused", reply: NOT_OFFERED };
  if (rule.needsJsonContentType && !isJson(request))
    return { kind: "refused", reply: rule.malformedReply ?? UNREADABLE };
  const read = readFields(rule, settings, request);
  if (read.kind === "refused") return read;
  return { kind: "news", news: [toInbound(rule, read.fields)], reply: rule.reply };
}

function readFields(rule: ReceiptsRule | InboundRule, settings: Fields, request: SupplierRequest): Read {
  if (rule.signature !== undefined && !isSignatureRight(rule.signature, settings, request)) {
    return { kind: "refused", reply: WRONG_SIGNATURE };
  }
  const fields = parseFields(rule.format, request);
  if (fields === undefined) return { kind: "refused", reply: rule.malformedReply ?? UNREADABLE };
  const missing = rule.required.filter((path) => (pickPath(fields, path) ?? "") === "");
  if (missing.length === 0) return { kind: "fields", fields };
  return {
    kind: "refused",
    reply: errorReply(
      400,
      missing.map((path) => `${rule.failure}: ${path} missing`),
    ),
  };
}

function parseFields(format: ReceiptsRule["format"], request: SupplierRequest): object | undefined {
  if (format === "query") return request.query;
  if (format === "form") return Object.fromEntries(new URLSearchParams(request.body.toString()));
  const json = parseJson(request.body.toString());
  return typeof json === "object" && json !== null && !Array.isArray(json) ? json : undefined;
}

function toReceipt(rule: ReceiptsRule, fields: unknown): Receipt | undefined {
  const reference = pickPath(fields, rule.reference) ?? "";
  if (rule.isOurReference && !UUID.test(reference)) return undefined;
  const reported = pickPath(fields, rule.status) ?? "";
  const detail = (rule.code && pickPath(fields, rule.code)) || undefined;
  const meaning = toStatus(rule, reported, detail);
  if (meaning.status === "no-news") return undefined;
  const { status, statusIfPending } = meaning;
  const network = rule.network === undefined ? undefined : networkCode(pickPath(fields, rule.network));
  const at = rule.at === undefined ? undefined : readTime(pickPath(fields, rule.at) ?? "");
  return {
    reference,
    status,
    ...(statusIfPending === undefined ? {} : { statusIfPending }),
    code: detail === undefined ? reported : `${reported}/${detail}`,
    ...(at === undefined ? {} : { at }),
    ...(network === undefined ? {} : { network }),
  };
}

interface Meaning {
  status: ReportedStatus | "no-news";
  statusIfPending?: ReportedStatus | undefined;
}

function toStatus(rule: ReceiptsRule, reported: string, code: string | undefined): Meaning {
  const found = own(rule.statuses, reported) ?? rule.otherwise;
  if (typeof found === "string") return { status: found };
  const listed = own(found.byCode, code ?? "");
  return listed ? { status: listed } : { status: found.otherwise, statusIfPending: found.otherwiseIfPending };
}

function toInbound(rule: InboundRule, fields: unknown): InboundText {
  const sentAt = rule.sentAt === undefined ? undefined : readTime(decode(rule, pickPath(fields, rule.sentAt) ?? ""));
  const reference = rule.reference === undefined ? undefined : pickPath(fields, rule.reference);
  return {
    from: withoutPlus(pickPath(fields, rule.from) ?? ""),
    to: withoutPlus(pickPath(fields, rule.to) ?? ""),
    text: decode(rule, pickPath(fields, rule.text) ?? ""),
    ...(sentAt === undefined ? {} : { sentAt }),
    ...(reference === undefined ? {} : { reference }),
  };
}

function decode(rule: InboundRule, text: string): string {
  const steps = (rule.decode ?? []).map((step) => (step === "url" ? decodeUrlText : decodeEscapes));
  return steps.reduce((decoded, step) => step(decoded), text);
}

/** Numbers are digits only with us; a sender may also be a name. */
function withoutPlus(number: string): string {
  return number.replace(/^\+(?=\d+$)/, "");
}

function isJson(request: SupplierRequest): boolean {
  return /^application\/([\w.-]+\+)?json\b/i.test(request.headers["content-type"] ?? "");
}

function own<Value>(table: Record<string, Value>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function errorReply(status: number, message: string | string[]): SupplierReply {
  return { status, contentType: "application/json", body: JSON.stringify({ result: "error", message }) };
}
