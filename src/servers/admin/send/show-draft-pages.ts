/** The pages of a letter that is being sent, in their frame: as far as it is filled in, and as it will go. */
import { DEFAULT_POSTAGE, HOME_POSTAGES, type HomePostage } from "../../../core/letter/postage.ts";
import { Refusal } from "../../../core/refusal.ts";
import { enclosuresOf } from "../../../flow/letters/letter-attachments.ts";
import type { TemplateVersion } from "../../../records/templates/template.ts";
import type { Answer } from "../http/answer.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { pdfAnswer, previewFrame } from "../letters/letter-frame.ts";
import { letterValuesIn } from "./send-form.ts";
import { letterOfDraft, postageOf } from "./send-letter.ts";
import { getDraft, getTemplate, isWritable, type WritableTemplate } from "./sending.ts";

export async function showEmptyLetter(visit: ServiceVisit): Promise<Answer> {
  return showLetter(visit, await getLetterTemplate(visit), {});
}

export async function showWrittenLetter(visit: ServiceVisit): Promise<Answer> {
  const template = await getLetterTemplate(visit);
  return showLetter(visit, template, letterValuesIn(visit, template));
}

export async function showDraftedLetter(visit: ServiceVisit): Promise<Answer> {
  const template = await getLetterTemplate(visit);
  const ready = { template, draft: await getDraft(visit, template) };
  return previewFrame(visit, await letterOfDraft(visit, ready), postageOf(visit, ready));
}

export async function downloadDraftedLetter(visit: ServiceVisit): Promise<Answer> {
  const template = await getLetterTemplate(visit);
  const draft = await getDraft(visit, template);
  const { pdf } = await visit.admin.letters.set(await letterOfDraft(visit, { template, draft }));
  return pdfAnswer(pdf, "letter");
}

async function getLetterTemplate(visit: ServiceVisit): Promise<WritableTemplate> {
  const template = await getTemplate(visit);
  if (!isWritable(template) || template.channel !== "letter") throw new Refusal("not-found", "There is no such letter");
  return template;
}

async function showLetter(
  visit: ServiceVisit,
  template: TemplateVersion,
  personalisation: Record<string, string>,
): Promise<Answer> {
  const enclosures = await enclosuresOf(visit.app, visit.service, template);
  return previewFrame(visit, { words: template, personalisation, ...enclosures }, homePostage(template));
}

function homePostage({ postage }: TemplateVersion): HomePostage {
  return HOME_POSTAGES.find((one) => one === postage) ?? DEFAULT_POSTAGE;
}
