/** Templates: one, one of its versions, all of them, and how one would look. */
import type { JsonValue } from "../../../core/json/json-value.ts";
import { parseJsonBody } from "../../../core/json/parse-json-body.ts";
import { Refusal } from "../../../core/refusal.ts";
import { missingPersonalisation } from "../../../core/template/placeholders.ts";
import { renderEmailHtml } from "../../../core/template/render-email.ts";
import { houseStyleOf, placeholderNamesOf, renderTemplate, templateText } from "../../../flow/rendering.ts";
import type { TemplateVersion } from "../../../records/templates/template.ts";
import { listTemplates } from "../../../records/templates/template-store.ts";
import { type Answer, json } from "../http/answer.ts";
import { type Call, pathId, pathParameter, queryOf } from "../http/call.ts";
import { getValid, notFound } from "../http/errors.ts";
import { readBody } from "../http/read-body.ts";
import { checkPreviewRequest, checkTemplatesQuery } from "../schema/read-requests.ts";
import { presentTemplate } from "./present-template.ts";

/** Higher numbers are beyond what the database counts. */
const VERSION_MAX = 2 ** 31 - 1;

export async function getTemplate(call: Call): Promise<Answer> {
  return json(200, presentTemplate(await getCurrent(call, pathId(call))));
}

/** Version 0 stands for the one in use. */
export async function getTemplateVersion(call: Call): Promise<Answer> {
  const id = pathId(call);
  const version = Number(pathParameter(call, "version"));
  if (version > VERSION_MAX) throw notFound();
  const { templates } = call.api.intake;
  const template = version === 0 ? await templates.find(id) : await templates.findVersion(id, version);
  return json(200, presentTemplate(ownOrNotFound(call, template)));
}

export async function getTemplates(call: Call): Promise<Answer> {
  const { type } = getValid(checkTemplatesQuery(queryOf(call)));
  const templates = await listTemplates(call.api.intake.db, call.service.id, type);
  return json(200, { templates: templates.map(presentTemplate) });
}

/** POST /v2/template/{id}/preview: filled in, without sending anything. */
export async function previewTemplate(call: Call): Promise<Answer> {
  const body = await readOptionalJson(call);
  const { templateId, personalisation } = getValid(checkPreviewRequest(pathParameter(call, "id"), body));
  const template = await getCurrent(call, templateId);
  const missing = missingPersonalisation(placeholderNamesOf(template), personalisation.values);
  if (missing.length > 0) throw new Refusal("bad-request", `Missing personalisation: ${missing.join(", ")}`);
  return json(200, presentPreview(call, template, personalisation.values));
}

function presentPreview({ service }: Call, template: TemplateVersion, values: Record<string, string | string[]>) {
  const { subject = null, body } = renderTemplate(template, values, houseStyleOf(service)).content;
  const isEmail = template.channel === "email";
  return {
    id: template.templateId,
    type: template.channel,
    version: template.version,
    body,
    html: isEmail ? renderEmailHtml({ body: templateText(template).body, personalisation: values }) : null,
    subject,
    postage: template.postage ?? null,
  };
}

async function getCurrent(call: Call, id: string): Promise<TemplateVersion> {
  return ownOrNotFound(call, await call.api.intake.templates.find(id));
}

/** Archived ones can still be read; hidden ones belong to one message from the admin. */
function ownOrNotFound({ service }: Call, template: TemplateVersion | undefined): TemplateVersion {
  if (!template || template.serviceId !== service.id || template.isHidden) throw notFound();
  return template;
}

async function readOptionalJson({ request }: Call): Promise<JsonValue> {
  const bytes = await readBody(request.raw);
  if (bytes.length === 0) return {};
  const json = parseJsonBody(bytes);
  if (json === undefined) throw new Refusal("bad-request", "Invalid JSON supplied in POST data");
  return json;
}
