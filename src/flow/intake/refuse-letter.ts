/** Letters: checked as far as can be without a printer, and then refused. */

import { Refusal } from "../../core/refusal.ts";
import { missingPersonalisation } from "../../core/template/placeholders.ts";
import type { ApiKey, Service } from "../../records/services/service.ts";
import type { App } from "../app.ts";
import { placeholderNamesOf } from "../rendering.ts";
import { getSendableTemplate } from "./sendable-template.ts";

export interface LetterRequest {
  service: Service;
  key: ApiKey;
  /** Undefined for a letter that comes as a PDF. */
  templateId?: string;
  personalisation?: Record<string, string | string[]>;
}

/** Always refuses: with what is wrong with the request, else because nothing here prints. */
export async function refuseLetter(app: Pick<App, "templates">, request: LetterRequest): Promise<never> {
  if (!request.service.permissions.has("letter")) {
    throw new Refusal("bad-request", "Service is not allowed to send letters");
  }
  if (request.templateId !== undefined) await refuseBadTemplate(app, request, request.templateId);
  refuseIfKeySendsNoLetters(request);
  throw new Refusal("bad-request", "Letters cannot be sent: this Pennypost has no printer");
}

async function refuseBadTemplate(
  app: Pick<App, "templates">,
  { service, personalisation = {} }: LetterRequest,
  templateId: string,
): Promise<void> {
  const template = await getSendableTemplate(app.templates, { service, templateId, channel: "letter" });
  const missing = missingPersonalisation(placeholderNamesOf(template), personalisation);
  if (missing.length > 0) throw new Refusal("bad-request", `Missing personalisation: ${missing.join(", ")}`);
}

function refuseIfKeySendsNoLetters({ service, key }: LetterRequest): void {
  if (key.kind === "team") throw new Refusal("forbidden", "Cannot send letters with a team api key");
  if (service.isTrial && key.kind === "live") {
    throw new Refusal("forbidden", "Cannot send letters when service is in trial mode");
  }
}
