/** `/services/:sid/templates/:tid/draft`: what somebody is writing, kept while they write. */

import { discardDraft, readDraft, saveDraft } from "../../../flow/templates/drafts.ts";
import type { TemplatePage } from "../../../records/templates/template-page-store.ts";
import { type Answer, jsonAnswer, redirect } from "../http/answer.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import type { DraftAnswer } from "./draft-answer.ts";
import { TEMPLATES_URL, templatePath } from "./paths.ts";
import { frameOf } from "./shown.ts";
import { memberOf, templateOf } from "./who.ts";
import { readWritten, type Written, wordingOf } from "./written.ts";

const MAY_CHANGE = { permission: "manage_templates" } as const;
const DRAFT = `${TEMPLATES_URL}/:tid/draft`;

export const draftRoutes: readonly Route[] = [
  route({ method: "POST", url: DRAFT, who: MAY_CHANGE, handler: keepDraft }),
  route({ method: "POST", url: `${DRAFT}/delete`, who: MAY_CHANGE, handler: deleteDraft }),
  route({ method: "GET", url: `${DRAFT}/preview`, who: MAY_CHANGE, handler: previewDraft }),
];

async function keepDraft(visit: ServiceVisit): Promise<Answer> {
  const { text, formats } = visit;
  const { savedAt, isOutdated } = await keepWords(visit, await templateOf(visit), readWritten(visit));
  const said = text("templates.edit.draftSaved", { time: formats.exactTime(savedAt) });
  return jsonAnswer({ said, isOutdated } satisfies DraftAnswer);
}

/** Keeps what somebody has typed for a template as their draft of it. */
export function keepWords(
  visit: ServiceVisit,
  { id, channel }: TemplatePage,
  written: Written,
): ReturnType<typeof saveDraft> {
  const draft = { ...wordingOf(written, channel), baseVersion: written.baseVersion };
  return saveDraft(visit.app, { ...memberOf(visit), templateId: id }, draft);
}

async function deleteDraft(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const { id } = await templateOf(visit);
  await discardDraft(app, { ...memberOf(visit), templateId: id });
  return redirect(templatePath(service.id, id), { flash: text("templates.edit.discarded") });
}

/** The draft of an email or a letter in its frame, or the template itself while there is no draft. */
async function previewDraft(visit: ServiceVisit): Promise<Answer> {
  const template = await templateOf(visit);
  const draft = await readDraft(visit.app, { ...memberOf(visit), templateId: template.id });
  const { channel, attachmentId } = template;
  const words = { ...(draft ?? template), channel, attachmentId };
  return frameOf(visit, words, { as: visit.query.get("as") ?? "", examples: [] });
}
