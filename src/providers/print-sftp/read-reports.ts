/**
 * A printer's report file: CSV with a heading, `notification_id,status` and, where known, `date` and `code`, in any order.
 *
 *     notification_id,status,date
 *     0199a8f0-0000-7000-8000-000000000001,DESPATCHED,2026-11-30T18:40:00Z
 */
import type { LetterReport } from "../provider.ts";

const STATUSES: Readonly<Record<string, LetterReport["status"]>> = {
  DESPATCHED: "despatched",
  REJECTED: "rejected",
  RETURNED: "returned",
};
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const CODE_MAX_CHARACTERS = 100;

export interface ReadReports {
  reports: LetterReport[];
  /** Lines that say nothing we understand; blank ones do not count. */
  notUnderstood: number;
}

export function readReports(text: string): ReadReports {
  const [heading = "", ...lines] = text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\r|\n/)
    .filter((line) => line.trim() !== "");
  const names = fieldsOf(heading).map((name) => name.toLowerCase());
  const reports = lines.map((line) => readLine(names, fieldsOf(line)));
  const understood = reports.filter((report) => report !== undefined);
  return { reports: understood, notUnderstood: reports.length - understood.length };
}

function readLine(names: readonly string[], values: readonly string[]): LetterReport | undefined {
  const field = (name: string) => values[names.indexOf(name)] ?? "";
  const notificationId = field("notification_id").toLowerCase();
  const status = STATUSES[field("status").toUpperCase()];
  if (!ID.test(notificationId) || status === undefined) return undefined;
  const at = new Date(field("date"));
  const code = field("code").slice(0, CODE_MAX_CHARACTERS);
  return {
    notificationId,
    status,
    ...(Number.isNaN(at.getTime()) ? {} : { at }),
    ...(code === "" ? {} : { code }),
  };
}

/** No field of ours holds a comma or a line's end, so that quotes are only taken off. */
function fieldsOf(line: string): string[] {
  return line.split(",").map((field) => field.trim().replace(/^"(.*)"$/, "$1"));
}
