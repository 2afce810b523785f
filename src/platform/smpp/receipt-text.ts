/**
 * The text most carriers put in a delivery receipt (SMPP 3.4 Appendix B):
 *
 *     id:0123456789 sub:001 dlvrd:001 submit date:2606011230 done date:2606011231 stat:DELIVRD err:000 text:Your code is
 *
 * The standard calls it typical, not required, so it is read leniently: fields may be missing, in any order and any case, and
 * dates may have seconds.
 */
import { momentOf } from "./smpp-time.ts";

const RECEIPT_MAX_CHARACTERS = 1_000;
const FIELD = /\b(id|sub|dlvrd|submit[ _]?date|done[ _]?date|stat|err):[ ]*([^ \r\n]*)/gi;
/** What follows `text:` is the message's own words, which may look like anything. */
const TEXT = /\btext:/i;
const DATE = /^\d{10}(\d{2})?$/;
const QUOTED_CHARACTERS = 20;

export interface ReceiptText {
  id: string;
  /** DELIVRD, EXPIRED, DELETED, UNDELIV, ACCEPTD, UNKNOWN, REJECTD, or what the carrier made up; upper case, "" if absent. */
  stat: string;
  /** The carrier's own error code, "" if absent. */
  err: string;
  submitDate?: Date;
  doneDate?: Date;
}

/** Reads a receipt's text; undefined where it has neither an id nor a stat and so is none. Dates are taken as UTC. */
export function parseReceiptText(text: string): ReceiptText | undefined {
  const fields = readFields(text.slice(0, RECEIPT_MAX_CHARACTERS));
  const id = fields.get("id") ?? "";
  const stat = fields.get("stat")?.toUpperCase() ?? "";
  if (id === "" && stat === "") return undefined;
  const submitDate = parseDate(fields.get("submitdate"));
  const doneDate = parseDate(fields.get("donedate"));
  return {
    id,
    stat,
    err: fields.get("err") ?? "",
    ...(submitDate && { submitDate }),
    ...(doneDate && { doneDate }),
  };
}

function readFields(text: string): Map<string, string> {
  const end = text.search(TEXT);
  const fields = new Map<string, string>();
  for (const [, name = "", value = ""] of text.slice(0, end === -1 ? text.length : end).matchAll(FIELD)) {
    const key = name.toLowerCase().replace(/[ _]/, "");
    if (!fields.has(key)) fields.set(key, value);
  }
  return fields;
}

function parseDate(text: string | undefined): Date | undefined {
  if (!text || !DATE.test(text)) return undefined;
  return momentOf((text.match(/\d\d/g) ?? []).map(Number));
}

export interface ReceiptFacts {
  id: string;
  stat: string;
  err: string;
  isDelivered: boolean;
  submitDate: Date;
  doneDate: Date;
  /** The beginning of the message; only its first 20 characters are quoted. */
  text: string;
}

/** Writes a receipt as Appendix B shows it. */
export function formatReceiptText(facts: ReceiptFacts): string {
  const dates = `submit date:${formatDate(facts.submitDate)} done date:${formatDate(facts.doneDate)}`;
  const delivered = facts.isDelivered ? "001" : "000";
  const quoted = facts.text.slice(0, QUOTED_CHARACTERS);
  return `id:${facts.id} sub:001 dlvrd:${delivered} ${dates} stat:${facts.stat} err:${facts.err} text:${quoted}`;
}

function formatDate(moment: Date): string {
  return moment.toISOString().slice(2, 16).replace(/\D/g, "");
}
