/** What was done, and what it changed, in words of the catalogue; what the catalogue does not know is told as it was written down. */
import type { NamedAuditEntry } from "../../../records/audit/audit-store.ts";
import { MEMBER_PERMISSIONS, type MemberPermission } from "../../../records/services/member-store.ts";
import { isTextKey } from "../catalogue/text.ts";
import type { Visit } from "../http/visit.ts";

/** "user 0195…": names what is called by an id alone. */
const WITH_ID = /^(?:[a-z][a-z -]* )?[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const MOMENT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

type Words = Pick<Visit, "text" | "formats">;

export interface Change {
  field: string;
  before: string | undefined;
  after: string | undefined;
}

/** "permissions changed" for an action of which the catalogue says so. */
export function actionWords({ text }: Words, action: string): string {
  const key = `audit.action.${action}` as const;
  return isTextKey(key) ? text(key) : capitalised(action.replace(/[.-]/g, " "));
}

function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Whom or what it was done to, if it has a name. That it is of the service whose history this is goes without saying. */
export function subjectWords(
  { subject, subjectName }: Pick<NamedAuditEntry, "subject" | "subjectName">,
  serviceName: string,
): string | undefined {
  if (subjectName) return subjectName;
  const ofService = `of ${serviceName}`;
  const words = subject.endsWith(ofService) ? subject.slice(0, -ofService.length).trim() : subject;
  return words === "" || WITH_ID.test(words) ? undefined : words;
}

/** Field by field, without those that stayed as they were, and without ids: they say nothing to people. */
export function changesOf(words: Words, { before, after }: Pick<NamedAuditEntry, "before" | "after">): Change[] {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return fields
    .filter((field) => !isId(before?.[field]) && !isId(after?.[field]))
    .map((field) => ({
      field: fieldWords(words, field),
      before: before && valueWords(words, before[field]),
      after: after && valueWords(words, after[field]),
    }))
    .filter((change) => change.before !== change.after);
}

function isId(value: unknown): boolean {
  return typeof value === "string" && WITH_ID.test(value);
}

/** dailyLimitSms → "daily limit sms" */
function fieldWords({ text }: Words, field: string): string {
  const key = `audit.field.${field}` as const;
  return isTextKey(key) ? text(key) : field.replace(/([A-Z])/g, " $1").toLowerCase();
}

function valueWords(words: Words, value: unknown): string {
  const { text, formats } = words;
  if (value === undefined || value === null || value === "") return text("audit.value.none");
  if (typeof value === "boolean") return text(value ? "audit.value.yes" : "audit.value.no");
  if (typeof value === "number") return formats.number(value);
  if (Array.isArray(value)) return listWords(words, value);
  if (typeof value === "string") return textWords(words, value);
  return JSON.stringify(value);
}

function listWords(words: Words, values: readonly unknown[]): string {
  if (values.length === 0) return words.text("audit.value.none");
  if (values.every(isId)) return words.formats.number(values.length);
  return values.map((value) => valueWords(words, value)).join(", ");
}

function textWords({ text, formats }: Words, value: string): string {
  if (isPermission(value)) return text(`services.may.${value}`);
  return MOMENT.test(value) ? formats.exactTime(new Date(value)) : value;
}

function isPermission(value: string): value is MemberPermission {
  return MEMBER_PERMISSIONS.some((permission) => permission === value);
}
