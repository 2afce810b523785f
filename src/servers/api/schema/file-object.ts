/** A file inside the personalisation of an email, to be sent as a link. */
import type { JsonObject, JsonValue } from "../../../core/json/json-value.ts";
import {
  type Checked,
  checkObject,
  fits,
  invalid,
  type Judged,
  optional,
  type Rule,
  required,
  schema,
  shown,
  valid,
  wrong,
} from "./checker.ts";
import { text } from "./rules.ts";

export interface FileObject {
  /** In base64, not yet decoded. */
  content: string;
  filename: string | null;
  isCsv: boolean | null;
  /** Null for the default, which is yes. */
  confirmEmailBeforeDownload: boolean | null;
  /** Null for the default. */
  retentionWeeks: number | null;
}

const RETENTION_MIN_WEEKS = 1;
const RETENTION_MAX_WEEKS = 78;
const RETENTION = /^(\d+) weeks?$/i;

const fileSchema = schema(
  {
    file: required(text),
    is_csv: optional(truthOrNull("is_csv")),
    confirm_email_before_download: optional(truthOrNull("confirm_email_before_download")),
    retention_period: optional(retentionPeriod),
    filename: optional(filename),
  },
  "reported-first",
);

/** Holds one file object against its fields; unlike elsewhere, properties that should not be there are reported first. */
export function checkFileObject(json: JsonObject): Checked<FileObject> {
  const checked = checkObject(json, fileSchema);
  const conflicts = namesTwoTypes(json) ? ["Do not set a value for `is_csv` if `filename` is set."] : [];
  if (checked.kind === "invalid") return invalid([...checked.messages, ...conflicts]);
  if (conflicts.length > 0) return invalid(conflicts);
  const fields = checked.value;
  return valid({
    content: fields.file,
    filename: fields.filename ?? null,
    isCsv: fields.is_csv ?? null,
    confirmEmailBeforeDownload: fields.confirm_email_before_download ?? null,
    retentionWeeks: fields.retention_period ?? null,
  });
}

/** Being there is enough, even as null. */
function namesTwoTypes(json: JsonObject): boolean {
  return Object.hasOwn(json, "is_csv") && Object.hasOwn(json, "filename");
}

function truthOrNull(name: string): Rule<boolean | null> {
  return (value) => {
    if (value === null || typeof value === "boolean") return fits(value);
    return wrong(`Unsupported value for ${name}: ${shown(value)}. Use a boolean true or false value.`);
  };
}

function retentionPeriod(value: JsonValue): Judged<number | null> {
  if (value === null) return fits(null);
  const weeks = typeof value === "string" ? Number(RETENTION.exec(value.trim())?.[1]) : Number.NaN;
  if (weeks >= RETENTION_MIN_WEEKS && weeks <= RETENTION_MAX_WEEKS) return fits(weeks);
  const unsupported = typeof value === "string" ? value.replaceAll("'", "") : shown(value);
  return wrong(
    `Unsupported value for retention_period: ${unsupported}. ` +
      `Supported periods are from ${RETENTION_MIN_WEEKS} to ${RETENTION_MAX_WEEKS} weeks.`,
  );
}

/** False counts as not given: a widely used client sends it so. */
function filename(value: JsonValue): Judged<string | null> {
  if (value === null || value === false) return fits(null);
  if (typeof value !== "string") return wrong(`${shown(value)} is not of type string, null`);
  return value.includes(".")
    ? fits(value)
    : wrong("`filename` must end with a file extension. For example, filename.csv");
}
