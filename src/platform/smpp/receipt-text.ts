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
/** What follows is the message's own words, which may look like anything. */
const TEXT = "text:";
const SUBMIT_DATE = ["submit date:", "submit_date:", "submitdate:"];
const DONE_DATE = ["done date:", "done_date:", "donedate:"];
const DATE = /^\d{10}(\d{2})?$/;
const SPACE = 0x20;
const UNDERSCORE = 0x5f;
const QUOTED_CHARACTERS = 20;

export interface ReceiptText {
  id: string;
  /** DELIVRD, EXPIRED, DELETED, UNDELIV, ACCEPTD, UNKNOWN, REJECTD, or what the carrier made up; upper case, "" if absent. */
  stat: string;
  /** The carrier's own error code, "" if absent. */
  err: string;
  submitDate: Date | undefined;
  doneDate: Date | undefined;
}

/** Reads a receipt's text; undefined where it has neither an id nor a stat and so is none. Dates are taken as UTC. */
export function parseReceiptText(text: string): ReceiptText | undefined {
  const fields = fieldsIn(text.slice(0, RECEIPT_MAX_CHARACTERS));
  const id = readField(fields, ["id:"]);
  const stat = readField(fields, ["stat:"]).toUpperCase();
  if (id === "" && stat === "") return undefined;
  return {
    id,
    stat,
    err: readField(fields, ["err:"]),
    submitDate: parseDate(readField(fields, SUBMIT_DATE)),
    doneDate: parseDate(readField(fields, DONE_DATE)),
  };
}

interface Fields {
  text: string;
  lowerCase: string;
}

function fieldsIn(text: string): Fields {
  const lowerCase = text.toLowerCase();
  const end = startOf(lowerCase, TEXT);
  return end === -1 ? { text, lowerCase } : { text: text.slice(0, end), lowerCase: lowerCase.slice(0, end) };
}

/** What follows the first of `labels` that is there, up to the next space; "" where none is. */
function readField({ text, lowerCase }: Fields, labels: readonly string[]): string {
  for (const label of labels) {
    const start = startOf(lowerCase, label);
    if (start !== -1) return firstWord(text, start + label.length);
  }
  return "";
}

/** Where `label` begins a word: "id:" is not in "paid:". */
function startOf(lowerCase: string, label: string): number {
  let start = lowerCase.indexOf(label);
  while (start > 0 && isWordCharacter(lowerCase.charCodeAt(start - 1))) start = lowerCase.indexOf(label, start + 1);
  return start;
}

function firstWord(text: string, from: number): string {
  let start = from;
  while (text[start] === " ") start++;
  let end = start;
  while (end < text.length && text.charCodeAt(end) > SPACE) end++;
  return text.slice(start, end);
}

function isWordCharacter(code: number): boolean {
  const isDigit = code >= 0x30 && code <= 0x39;
  const isLetter = code >= 0x61 && code <= 0x7a;
  return isDigit || isLetter || code === UNDERSCORE;
}

function parseDate(text: string): Date | undefined {
  if (!DATE.test(text)) return undefined;
  const date = [pairAt(text, 0), pairAt(text, 2), pairAt(text, 4)];
  return momentOf([...date, pairAt(text, 6), pairAt(text, 8), pairAt(text, 10)]);
}

function pairAt(text: string, index: number): number {
  return Number(text.slice(index, index + 2));
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

/** Two digits each of year, month, day, hour and minute; by arithmetic, since every receipt has two of them. */
function formatDate(moment: Date): string {
  const date = (moment.getUTCFullYear() % 100) * 10_000 + (moment.getUTCMonth() + 1) * 100 + moment.getUTCDate();
  return String(date * 10_000 + moment.getUTCHours() * 100 + moment.getUTCMinutes()).padStart(10, "0");
}
