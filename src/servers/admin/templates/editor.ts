/** `/services/:sid/templates/:tid/edit` and `/services/:sid/templates/new/:channel`: writing a template. */

import { impossible, Refusal } from "../../../core/refusal.ts";
import { readDraft } from "../../../flow/templates/drafts.ts";
import { createTemplate, editTemplate } from "../../../flow/templates/edit-template.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { readFields, readList, submit } from "../http/form.ts";
import { emptyFrame } from "../http/frame-answer.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { showBreaking } from "./breaking.ts";
import { keepWords } from "./draft.ts";
import { type Editing, type Subject, showEditor, withReplacement } from "./editor-page.ts";
import { attachmentNamed, defaultContactBlock } from "./letter-part.ts";
import { folderChosen, usableChannels } from "./new-template.ts";
import { TEMPLATES_URL, templatePath } from "./paths.ts";
import { frameOf } from "./shown.ts";
import { authorOf, memberOf, templateOf } from "./who.ts";
import { readWritten, type Written, wordingOf, writtenOf } from "./written.ts";

const MAY_CHANGE = { permission: "manage_templates" } as const;
const CONFLICT = 409;
type NewSubject = Extract<Subject, { kind: "new" }>;
type ExistingSubject = Extract<Subject, { kind: "existing" }>;

export const editorRoutes: readonly Route[] = [
  route({ method: "GET", url: `${TEMPLATES_URL}/new/:channel`, who: MAY_CHANGE, handler: beginNew }),
  route({ method: "POST", url: `${TEMPLATES_URL}/new/:channel`, who: MAY_CHANGE, handler: saveNew }),
  route({ method: "GET", url: `${TEMPLATES_URL}/:tid/edit`, who: MAY_CHANGE, handler: openEditor }),
  route({ method: "POST", url: `${TEMPLATES_URL}/:tid/edit`, who: MAY_CHANGE, handler: saveEdit }),
  route({
    method: "GET",
    url: `${TEMPLATES_URL}/preview`,
    who: MAY_CHANGE,
    handler: ({ query }) => emptyFrame(query.get("channel") === "letter" ? { hasPictures: true } : { hasLogo: true }),
  }),
  route({ method: "POST", url: `${TEMPLATES_URL}/preview`, who: MAY_CHANGE, handler: previewWritten }),
];

async function beginNew(visit: ServiceVisit): Promise<Answer> {
  const contactBlock = await defaultContactBlock(visit);
  const nothing = { name: "", subject: "", body: "", hasUnsubscribeLink: false, contactBlock };
  return showEditor(visit, { subject: newSubject(visit), written: writtenOf(nothing, 0) });
}

function newSubject(visit: ServiceVisit): NewSubject {
  const channel = usableChannels(visit.service).find((name) => name === visit.params["channel"]);
  if (!channel) throw new Refusal("not-found", "There are no such templates");
  return { kind: "new", channel, folderId: folderChosen(visit) };
}

async function saveNew(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const subject = newSubject(visit);
  const written = withReplacement(visit, readWritten(visit));
  if (isOnlyShown(visit)) return showEditor(visit, { subject, written });
  const { channel, folderId } = subject;
  return submit({
    values: written.values,
    refusedAt: "body",
    act: async () => {
      const form = wordingOf(written, channel);
      const id = await createTemplate(app, authorOf(visit), { service, channel, folderId, form });
      return redirect(templatePath(service.id, id), { flash: text("templates.edit.made") });
    },
    showAgain: (form) => showEditor(visit, { subject, written, form }),
  });
}

async function openEditor(visit: ServiceVisit): Promise<Answer> {
  const subject = await existingSubject(visit);
  const { template } = subject;
  const draft = await readDraft(visit.app, { ...memberOf(visit), templateId: template.id });
  if (!draft) return showEditor(visit, { subject, written: writtenOf(template, template.version) });
  return showEditor(visit, {
    subject,
    written: writtenOf(draft, draft.baseVersion),
    draftSavedAt: draft.savedAt,
    conflict: draft.isOutdated ? template : undefined,
  });
}

async function existingSubject(visit: ServiceVisit): Promise<ExistingSubject> {
  const template = await templateOf(visit);
  if (template.archivedAt) throw new Refusal("not-found", "There is no such template");
  return { kind: "existing", channel: template.channel, template };
}

async function saveEdit(visit: ServiceVisit): Promise<Answer> {
  const subject = await existingSubject(visit);
  const written = withReplacement(visit, readWritten(visit));
  if (isOnlyShown(visit)) return showEditor(visit, { subject, written });
  return submit({
    values: written.values,
    refusedAt: "body",
    act: () => saveVersion(visit, subject, written),
    showAgain: (form) => showEditor(visit, { subject, written, form }),
  });
}

async function saveVersion(visit: ServiceVisit, subject: ExistingSubject, written: Written): Promise<Answer> {
  const { app, service, text } = visit;
  const { id, channel } = subject.template;
  const edited = await editTemplate(app, authorOf(visit), {
    service,
    templateId: id,
    baseVersion: written.baseVersion,
    form: wordingOf(written, channel),
    confirmsBreakingChange: readFields(visit, ["confirms"]).confirms !== "",
  });
  switch (edited.kind) {
    case "saved":
      return redirect(templatePath(service.id, id), { flash: text("templates.edit.saved") });
    case "unchanged":
      return redirect(templatePath(service.id, id), { flash: text("templates.edit.unchanged") });
    case "conflict":
      await keepWords(visit, subject.template, written); // The page that asks can be closed: then they are there at the next edit.
      return inConflict(visit, { subject, written, conflict: edited.current });
    case "needs-confirmation":
      await keepWords(visit, subject.template, written);
      return showBreaking(visit, edited.changes, { path: `${templatePath(service.id, id)}/edit`, written });
    default:
      return impossible(edited);
  }
}

async function inConflict(visit: ServiceVisit, editing: Editing): Promise<Answer> {
  return { ...(await showEditor(visit, editing)), status: CONFLICT };
}

/** Without scripts, a button shows what has been written without saving it. */
function isOnlyShown(visit: ServiceVisit): boolean {
  return ["show", "replace"].some((name) => readList(visit, name).length > 0);
}

/** An email or a letter that is being written, for its frame; without scripts, the form is sent there. */
async function previewWritten(visit: ServiceVisit): Promise<Answer> {
  const written = readWritten(visit);
  const { as, channel: sent, attachmentId: named } = readFields(visit, ["as", "channel", "attachmentId"]);
  const asked = { as, examples: written.examples };
  if (sent !== "letter") return frameOf(visit, { channel: "email", ...wordingOf(written, "email") }, asked);
  const attachmentId = await attachmentNamed(visit, named);
  return frameOf(visit, { channel: "letter", ...wordingOf(written, "letter"), attachmentId }, asked);
}
