/** Ids in paths, the queries of lists, and the preview of a template. */
import { STATUS_FILTERS, type StatusFilter } from "../../../core/delivery/statuses.ts";
import type { JsonValue } from "../../../core/json/json-value.ts";
import { type Personalisation, toPersonalisation } from "../../../core/json/personalisation.ts";
import { type Checked, checkObject, fits, invalid, optional, required, schema, valid } from "./checker.ts";
import { manyOf, object, oneOf, storableText, text, uuid } from "./rules.ts";
import { emptyIfFalsy } from "./send-requests.ts";

export const TEMPLATE_TYPES = ["sms", "email", "letter"] as const;
/** Ours, which callers who do not use it need not know. */
const OWN_TYPES = ["chat"] as const;
export type TemplateType = (typeof TEMPLATE_TYPES | typeof OWN_TYPES)[number];

export interface NotificationsQuery {
  /** Undefined for any; a reference may be the empty text. */
  reference: string | undefined;
  statuses: StatusFilter[];
  templateTypes: TemplateType[];
  includeJobs: boolean;
  olderThan: string | undefined;
}

const notificationsSchema = schema({
  reference: optional(storableText),
  status: optional(manyOf(STATUS_FILTERS)),
  template_type: optional(manyOf<TemplateType>(TEMPLATE_TYPES, OWN_TYPES)),
  include_jobs: optional(oneOf(["true", "True"])),
  older_than: optional(uuid),
});

const templatesSchema = schema({ type: optional(oneOf<TemplateType>(TEMPLATE_TYPES, OWN_TYPES)) });

const receivedTextsSchema = schema({ older_than: optional(uuid) });

const contentSchema = schema({ subject: optional(text), body: required(text) });

const previewSchema = schema({ personalisation: optional(objectOrEmptyList) }, "allowed");

/** An id in a path: its one spelling, or the refusal under the name the path gives it (`id`, `notification_id`). */
export function checkPathId(name: string, value: string): Checked<string> {
  const judged = uuid(value);
  return judged.kind === "fits" ? valid(judged.value) : invalid(judged.problems.map((problem) => `${name} ${problem}`));
}

/** GET /v2/notifications: `status` and `template_type` can be repeated, of others the first counts. */
export function checkNotificationsQuery(query: URLSearchParams): Checked<NotificationsQuery> {
  const checked = checkObject(queryJson(query, ["status", "template_type"]), notificationsSchema);
  if (checked.kind === "invalid") return checked;
  const fields = checked.value;
  return valid({
    reference: fields.reference,
    statuses: fields.status ?? [],
    templateTypes: fields.template_type ?? [],
    includeJobs: fields.include_jobs !== undefined,
    olderThan: fields.older_than,
  });
}

/** GET /v2/templates. */
export function checkTemplatesQuery(query: URLSearchParams): Checked<{ type: TemplateType | undefined }> {
  return checkObject(queryJson(query), templatesSchema);
}

/** GET /v2/received-text-messages. */
export function checkReceivedTextsQuery(query: URLSearchParams): Checked<{ olderThan: string | undefined }> {
  const checked = checkObject(queryJson(query), receivedTextsSchema);
  return checked.kind === "invalid" ? checked : valid({ olderThan: checked.value.older_than });
}

/** POST /v2/template/{id}/preview: a body is not needed, and properties nobody knows are let pass. */
export function checkPreviewRequest(
  id: string,
  body: JsonValue,
): Checked<{ templateId: string; personalisation: Personalisation }> {
  const templateId = checkPathId("id", id);
  const checked = checkObject(emptyIfFalsy(body), previewSchema);
  if (templateId.kind === "invalid" || checked.kind === "invalid") {
    return invalid([...messagesOf(templateId), ...messagesOf(checked)]);
  }
  const personalisation = toPersonalisation(checked.value.personalisation ?? {});
  return valid({ templateId: templateId.value, personalisation });
}

/** POST /v2/notifications/{id}/content-check: the words as the answer to the send has them; a text has no subject. */
export function checkContentRequest(json: JsonValue): Checked<{ subject: string | undefined; body: string }> {
  return checkObject(emptyIfFalsy(json), contentSchema);
}

/** A language in which an empty object and an empty list are the same sends the list. */
function objectOrEmptyList(value: JsonValue) {
  return Array.isArray(value) && value.length === 0 ? fits({}) : object(value);
}

function messagesOf(checked: Checked<unknown>): string[] {
  return checked.kind === "invalid" ? checked.messages : [];
}

export function queryJson(query: URLSearchParams, repeatable: readonly string[] = []): JsonValue {
  const names = [...new Set(query.keys())];
  return Object.fromEntries(
    names.map((name) => [name, repeatable.includes(name) ? query.getAll(name) : (query.get(name) ?? "")]),
  );
}
