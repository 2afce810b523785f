/** `/services/:sid/templates/:tid/files/:fid/preview`: what recipients see who follow the link to a template's file, before they get one. */

import { HOME_TIME_ZONE } from "../../../core/calendar/home.ts";
import { clocksAt } from "../../../core/calendar/wall-clock.ts";
import { parseEmailAddress } from "../../../core/email/parse-email-address.ts";
import { lastDayAvailable } from "../../../core/files/shown-file.ts";
import { readTemplateFile } from "../../../flow/files/template-files.ts";
import type { TemplateFile } from "../../../records/templates/template-file.ts";
import { dispositionOf } from "../../content-disposition.ts";
import { type AddressProblem, addressPage, downloadPage, landingPage } from "../../document-pages.ts";
import type { PlainAnswer } from "../../plain-answer.ts";
import { escapeHtml, type PagePreview } from "../../recipient-page.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { readFields } from "../http/form.ts";
import { CSRF_FIELD } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { EMAIL_FILES, emailFileOf } from "./email-files.ts";
import { templatePath } from "./paths.ts";

const who = { permission: "manage_templates" } as const;
const PREVIEW = `${EMAIL_FILES}/:fid/preview`;

export const emailFilePreviewRoutes: readonly Route[] = [
  route({ method: "GET", url: PREVIEW, who, handler: showLanding }),
  route({ method: "GET", url: `${PREVIEW}/confirm-email-address`, who, handler: askForAddress }),
  route({ method: "POST", url: `${PREVIEW}/confirm-email-address`, who, handler: takeAddress }),
  route({ method: "GET", url: `${PREVIEW}/download`, who, handler: offerDownload }),
  route({ method: "GET", url: `${PREVIEW}/file`, who, handler: giveFile }),
];

async function showLanding(visit: ServiceVisit): Promise<Answer> {
  const { file, preview, path } = await previewOf(visit);
  const next = file.asksForAddress ? "confirm-email-address" : "download";
  return ofOurs(landingPage({ service: visit.service, preview }, `${path}/preview/${next}`));
}

async function askForAddress(visit: ServiceVisit): Promise<Answer> {
  const { preview } = await previewOf(visit);
  return ofOurs(addressPage({ service: visit.service, preview }, { address: "", problem: undefined }));
}

/** Here the recipient is whoever looks. */
async function takeAddress(visit: ServiceVisit): Promise<Answer> {
  const { preview, path } = await previewOf(visit);
  const given = readFields(visit, ["email_address"]).email_address.trim();
  const problem = addressProblem(given, visit.visitor.session.emailAddress);
  if (problem === undefined) return redirect(`${path}/preview/download`);
  return ofOurs(addressPage({ service: visit.service, preview }, { address: given, problem }));
}

function addressProblem(given: string, own: string): AddressProblem | undefined {
  if (given === "") return "missing";
  const address = parseEmailAddress(given);
  if (typeof address === "string") return "invalid";
  return given.toLowerCase() === own.toLowerCase() ? undefined : "not-the-recipient";
}

async function offerDownload(visit: ServiceVisit): Promise<Answer> {
  const { file, preview, path } = await previewOf(visit);
  const { fileName: filename, extension, mimeType, size } = file;
  const today = clocksAt(visit.now, HOME_TIME_ZONE).date;
  const document = { availableUntil: lastDayAvailable(today, file.retentionWeeks) };
  const shown = { service: visit.service, document, details: { filename, extension, mimeType, size }, preview };
  return ofOurs(downloadPage(shown, `${path}/preview/file`));
}

async function giveFile(visit: ServiceVisit): Promise<Answer> {
  const { file } = await emailFileOf(visit);
  const body = await readTemplateFile(visit.app, visit.service, file);
  const { id, fileName: filename, extension, mimeType } = file;
  const headers = {
    "content-type": mimeType,
    "content-disposition": dispositionOf(id, { filename, extension }),
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
  };
  return { status: 200, headers, body };
}

async function previewOf(visit: ServiceVisit): Promise<{ file: TemplateFile; preview: PagePreview; path: string }> {
  const { service, text } = visit;
  const { template, file } = await emailFileOf(visit);
  const path = `${templatePath(service.id, template.id)}/files/${file.id}`;
  const token = `<input type="hidden" name="${CSRF_FIELD}" value="${escapeHtml(visit.csrfToken())}">`;
  const back = { url: path, text: text("emailFiles.preview.back") };
  return { file, path, preview: { said: text("emailFiles.preview.said"), back, formFields: token } };
}

/** A form without a referrer would not be known as ours. */
function ofOurs({ status, contentType, body, headers }: PlainAnswer): Answer {
  const single = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
  const ours = { "content-type": contentType, "referrer-policy": "same-origin" };
  return { status, headers: { ...Object.fromEntries(single), ...ours }, body };
}
