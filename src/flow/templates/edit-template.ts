/** Templates written, changed and taken away by people. A change makes a new version; one that changes nothing makes none. */

import { isDeepStrictEqual } from "node:util";
import { DEFAULT_POSTAGE, HOME_POSTAGES } from "../../core/letter/postage.ts";
import { Refusal } from "../../core/refusal.ts";
import type { TextMode } from "../../core/sms/text-mode.ts";
import { checkTemplate, type TemplateProblem } from "../../core/template/check-template.ts";
import { type PlaceholderChanges, placeholderChanges } from "../../core/template/placeholder-changes.ts";
import { parseTemplate, placeholderNames } from "../../core/template/placeholders.ts";
import type { Tx } from "../../platform/db.ts";
import { newRandomId } from "../../platform/ids.ts";
import type { Channel } from "../../records/services/service.ts";
import { type LetterParts, NO_LETTER_PARTS } from "../../records/templates/template.ts";
import { listTemplateFiles } from "../../records/templates/template-file-store.ts";
import { listFolders } from "../../records/templates/template-folder-store.ts";
import {
  deleteDraft,
  findTemplatePage,
  findVersion,
  hidePersonalisation,
  listTemplatesInFolders,
  listTemplatesPrinting,
  lockTemplate,
  putInFolder,
  type TemplatePage,
  unarchiveTemplate,
  updateKeeping,
} from "../../records/templates/template-page-store.ts";
import {
  archiveTemplate as archiveTemplateRow,
  insertTemplate,
  insertTemplateVersion,
} from "../../records/templates/template-write-store.ts";
import { type Actor, type Deed, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { copyTemplateFiles, recordKept } from "../files/template-files.ts";
import { type FieldProblem, fieldRefusal, refuseProblems } from "../form-refusal.ts";
import { copyAttachment } from "../letters/letter-attachments.ts";
import { contactBlockProblems, tidyContactBlock } from "./contact-block.ts";

type Editor = Pick<App, "db" | "clock">;

/** What a template's form holds. A letter that is not said to have pages to go with it keeps those it has. */
export interface TemplateForm extends Partial<LetterParts> {
  name: string;
  /** Of an email; the heading of a letter. */
  subject: string | undefined;
  body: string;
  hasUnsubscribeLink: boolean;
}

/** The author as versions name them, which the API shows. */
export interface Author extends Actor {
  emailAddress: string;
}

interface NewTemplate {
  service: { id: string; textMode: TextMode };
  channel: Channel;
  folderId: string | undefined;
  form: TemplateForm;
}

/** Answers the template's id. */
export async function createTemplate(app: Editor, author: Author, wish: NewTemplate): Promise<string> {
  const form = tidy(wish.channel, wish.form);
  refuseWrongForm(wish.channel, form, wish.service.textMode);
  const id = newRandomId();
  await app.db.transaction((tx) => insert(tx, author, { ...wish, form, id }));
  return id;
}

export type Edited =
  | { kind: "saved"; version: number }
  /** It reads as it did: there is no new version. */
  | { kind: "unchanged"; version: number }
  /** Someone else was quicker: their version is the one in use now. */
  | { kind: "conflict"; current: TemplatePage }
  /** Placeholders changed so that requests would be refused, and that was not confirmed. */
  | { kind: "needs-confirmation"; changes: PlaceholderChanges };

export interface Edit {
  service: { id: string; textMode: TextMode };
  templateId: string;
  /** The version that was edited. */
  baseVersion: number;
  form: TemplateForm;
  /** The author has seen which placeholders change. */
  confirmsBreakingChange: boolean;
}

export async function editTemplate(app: Editor, author: Author, edit: Edit): Promise<Edited> {
  return app.db.transaction(async (tx) => {
    const current = await getForChange(tx, edit.service.id, edit.templateId);
    const { channel, attachmentId } = current;
    const form = tidy(channel, { attachmentId, ...edit.form });
    refuseWrongForm(channel, form, edit.service.textMode);
    if (isSame(current, form)) {
      await deleteDraft(tx, author.userId, current.id);
      return { kind: "unchanged", version: current.version };
    }
    if (current.version !== edit.baseVersion) return { kind: "conflict", current };
    const filled = await namesOfFiles(tx, current);
    const changes = placeholderChanges([...namesIn(current), ...filled], [...namesIn(form), ...filled]);
    if (changes.isBreaking && !edit.confirmsBreakingChange) return { kind: "needs-confirmation", changes };
    return { kind: "saved", version: await saveVersion(tx, author, { current, form }) };
  });
}

/** Values that nobody need give: links to the files of an email. */
async function namesOfFiles(tx: Tx, { id, channel }: TemplatePage): Promise<string[]> {
  return channel === "email" ? (await listTemplateFiles(tx, id)).map(({ fileName }) => fileName) : [];
}

/** A new version that reads as an earlier one did. */
export async function restoreVersion(
  app: Editor,
  author: Author,
  wish: Omit<Edit, "form"> & { version: number },
): Promise<Edited> {
  const { service, templateId, version } = wish;
  const earlier = await findVersion(app.db, { serviceId: service.id, templateId, version });
  if (!earlier) throw new Refusal("not-found", "There is no such version");
  return editTemplate(app, author, { ...wish, form: earlier });
}

/** Another name is another version, as the API's templates carry it. */
export async function renameTemplate(
  app: Editor,
  author: Author,
  wish: { service: { id: string; textMode: TextMode }; templateId: string; name: string },
): Promise<void> {
  await app.db.transaction(async (tx) => {
    const current = await getForChange(tx, wish.service.id, wish.templateId);
    const form = { ...formOf(current), name: wish.name.trim() };
    refuseWrongForm(current.channel, form, wish.service.textMode);
    if (!isSame(current, form)) await saveVersion(tx, author, { current, form });
  });
}

/** The letters of a service that print one sender's address print another, in new versions. */
export async function changeContactBlocks(
  tx: Tx,
  author: Author,
  { serviceId, from, to }: { serviceId: string; from: string; to: string },
): Promise<void> {
  for (const { id } of from === to ? [] : await listTemplatesPrinting(tx, serviceId, from)) {
    const current = await getForChange(tx, serviceId, id);
    const form = { ...formOf(current), contactBlock: to };
    if (placeholderChanges(namesIn(current), namesIn(form)).isBreaking) {
      const message = "Its placeholders have changed, so requests would be refused. Change the templates one by one";
      throw fieldRefusal("changesTemplates", "placeholders-changed", message);
    }
    await saveVersion(tx, author, { current, form });
  }
}

/** Changes part of what is in use, whoever else is editing it. The history tells it as `change`, even where the words stay the same. */
export async function amendTemplate(
  tx: Tx,
  author: Author,
  wish: {
    serviceId: string;
    templateId: string;
    amend: (current: TemplatePage) => Partial<TidyForm>;
    change: Change;
  },
): Promise<void> {
  const { serviceId, change } = wish;
  const current = await getForChange(tx, serviceId, wish.templateId);
  const form = { ...formOf(current), ...wish.amend(current) };
  if (isSame(current, form)) await recordDeed(tx, author, { serviceId, subject: current.name, ...change });
  else await saveVersion(tx, author, { current, form, change });
}

/** A copy in a service and folder, of a template of the same or another service that the author may see. Answers its id. */
export async function copyTemplate(
  app: Editor & Pick<App, "blobs" | "services">,
  author: Author,
  wish: {
    from: { serviceId: string; templateId: string };
    service: NewTemplate["service"];
    folderId: string | undefined;
  },
): Promise<string> {
  const original = await findTemplatePage(app.db, wish.from.serviceId, wish.from.templateId);
  if (!original) throw new Refusal("not-found", "There is no such template");
  const names = (await listTemplatesInFolders(app.db, wish.service.id)).map(({ name }) => name);
  const attachmentId = await attachmentForCopy(app, original, wish.service.id);
  const form = { ...formOf(original), name: copyName(original.name, names), attachmentId };
  const channel = original.channel;
  const id = newRandomId();
  const tidied = tidy(channel, form);
  refuseWrongForm(channel, tidied, wish.service.textMode);
  await app.db.transaction(async (tx) => {
    await insert(tx, author, { ...wish, channel, form: tidied, id });
    await updateKeeping(tx, id, original.keeps);
    if (original.hidesPersonalisationSince) await hidePersonalisation(tx, id, app.clock.now());
  });
  if (channel === "email") await copyFiles(app, original, { serviceId: wish.service.id, templateId: id });
  return id;
}

/** Each is kept anew: what one service keeps, another does not open. */
async function copyFiles(
  app: Editor & Pick<App, "blobs" | "services">,
  original: TemplatePage,
  copy: { serviceId: string; templateId: string },
): Promise<void> {
  const [from, to] = await Promise.all([app.services.find(original.serviceId), app.services.find(copy.serviceId)]);
  if (!from || !to) throw new Refusal("not-found", "There is no such service");
  const files = await copyTemplateFiles(app, { from, to }, { from: original.id, to: copy.templateId });
  await app.db.transaction((tx) => recordKept(tx, files, app.clock.now()));
}

/** A service opens only what is sealed under its own key. */
async function attachmentForCopy(
  app: Pick<App, "db" | "blobs" | "services">,
  { attachmentId, serviceId }: TemplatePage,
  toServiceId: string,
): Promise<string | undefined> {
  if (attachmentId === undefined || serviceId === toServiceId) return attachmentId;
  const [from, to] = await Promise.all([app.services.find(serviceId), app.services.find(toServiceId)]);
  if (!from || !to) throw new Refusal("not-found", "There is no such service");
  return (await copyAttachment(app, attachmentId, { from, to })).id;
}

/** Takes it out of use; it stays readable, and what was sent with it stays as it was. */
export async function archiveTemplate(
  app: Editor,
  actor: Actor,
  { serviceId, templateId }: { serviceId: string; templateId: string },
): Promise<void> {
  await app.db.transaction(async (tx) => {
    const { name } = await getForChange(tx, serviceId, templateId);
    await archiveTemplateRow(tx, templateId);
    await recordDeed(tx, actor, { serviceId, action: "template.archived", subject: name });
  });
}

/** Brings an archived template back. */
export async function unarchive(
  app: Editor,
  actor: Actor,
  { serviceId, templateId }: { serviceId: string; templateId: string },
): Promise<void> {
  await app.db.transaction(async (tx) => {
    const template = await lockTemplate(tx, serviceId, templateId);
    if (!template?.archivedAt) throw new Refusal("not-found", "There is no such deleted template");
    await unarchiveTemplate(tx, templateId);
    await recordDeed(tx, actor, { serviceId, action: "template.restored", subject: template.name });
  });
}

/** From now on nobody sees the values of what was sent with it. There is no way back. */
export async function hidePersonalisationAfterSending(
  app: Editor,
  actor: Actor,
  { serviceId, templateId }: { serviceId: string; templateId: string },
): Promise<void> {
  await app.db.transaction(async (tx) => {
    const template = await getForChange(tx, serviceId, templateId);
    if (template.hidesPersonalisationSince) return;
    await hidePersonalisation(tx, templateId, app.clock.now());
    await recordDeed(tx, actor, { serviceId, action: "template.personalisation-hidden", subject: template.name });
  });
}

/** Names of the values that a template's words ask for. */
function namesIn({ contactBlock, welshSubject, welshBody, subject, body }: TemplateForm): string[] {
  const words = [contactBlock, welshSubject, welshBody, subject, body].filter((text) => text !== undefined);
  return placeholderNames(...words.map((text) => parseTemplate(text)));
}

/** copyName("Reminder", ["Reminder", "Reminder (copy)"]) → "Reminder (copy 2)" */
export function copyName(name: string, taken: readonly string[]): string {
  const stem = name.replace(/ \(copy(?: \d{1,4})?\)$/, "");
  const candidates = [`${stem} (copy)`, ...taken.map((_, index) => `${stem} (copy ${index + 2})`)];
  return candidates.find((candidate) => !taken.includes(candidate)) ?? `${stem} (copy)`;
}

async function insert(
  tx: Tx,
  author: Author,
  wish: Omit<NewTemplate, "form"> & { form: TidyForm; id: string },
): Promise<void> {
  const { id, service, channel, folderId, form } = wish;
  const isThere =
    folderId === undefined || (await listFolders(tx, service.id)).some((folder) => folder.id === folderId);
  if (!isThere) throw new Refusal("not-found", "There is no such folder");
  const createdBy = author.emailAddress;
  const template = { id, serviceId: service.id, channel, isHidden: false, createdBy, ...form };
  await insertTemplate(tx, template);
  await putInFolder(tx, id, folderId);
  const after = { channel, ...form };
  await recordDeed(tx, author, { serviceId: service.id, action: "template.created", subject: form.name, after });
}

/** What is told of a change in the history. */
type Change = Pick<Deed, "action" | "before" | "after">;

async function saveVersion(
  tx: Tx,
  author: Author,
  { current, form, change = updateOf(current, form) }: { current: TemplatePage; form: TidyForm; change?: Change },
): Promise<number> {
  const { id, serviceId } = current;
  await insertTemplateVersion(tx, { id, createdBy: author.emailAddress, ...form });
  await deleteDraft(tx, author.userId, id);
  await recordDeed(tx, author, { serviceId, subject: form.name, ...change });
  return current.version + 1;
}

function updateOf(current: TemplatePage, form: TidyForm): Change {
  const before = { version: current.version, ...formOf(current) };
  return { action: "template.updated", before, after: { ...form } };
}

async function getForChange(tx: Tx, serviceId: string, templateId: string): Promise<TemplatePage> {
  const template = await lockTemplate(tx, serviceId, templateId);
  if (!template) throw new Refusal("not-found", "There is no such template");
  if (template.archivedAt) throw new Refusal("bad-request", "This template has been deleted");
  return template;
}

/** As it is kept: what the channel does not have is left out. */
type TidyForm = Omit<TemplateForm, keyof LetterParts> & LetterParts;

/** Browsers send line breaks as CR LF; a text or a chat message has neither a subject nor an unsubscribe link. */
function tidy(channel: Channel, form: TemplateForm): TidyForm {
  const tidied = { ...NO_LETTER_PARTS, name: form.name.trim(), body: tidyBody(form.body), hasUnsubscribeLink: false };
  if (channel === "sms" || channel === "chat") return { ...tidied, subject: undefined };
  const subject = (form.subject ?? "").trim();
  if (channel === "letter") return { ...tidied, subject, ...tidyLetterParts(form) };
  return { ...tidied, subject, hasUnsubscribeLink: form.hasUnsubscribeLink };
}

function tidyBody(body: string): string {
  return body.replaceAll("\r\n", "\n").trimEnd();
}

function tidyLetterParts(form: TemplateForm): LetterParts {
  const { postage, contactBlock, welshSubject, welshBody, attachmentId } = form;
  const isBilingual = welshSubject !== undefined || welshBody !== undefined;
  return {
    postage: HOME_POSTAGES.find((one) => one === postage) ?? DEFAULT_POSTAGE,
    contactBlock: tidyContactBlock(contactBlock ?? "") || undefined,
    welshSubject: isBilingual ? (welshSubject ?? "").trim() : undefined,
    welshBody: isBilingual ? tidyBody(welshBody ?? "") : undefined,
    attachmentId,
  };
}

/** The same template is the same record, whatever came with it. */
function formOf(form: TidyForm | TemplatePage): TidyForm {
  const { name, subject, body, hasUnsubscribeLink } = form;
  const { postage, contactBlock, welshSubject, welshBody, attachmentId } = form;
  const letterParts = { postage, contactBlock, welshSubject, welshBody, attachmentId };
  return { name, subject, body, hasUnsubscribeLink, ...letterParts };
}

function isSame(current: TemplatePage, form: TidyForm): boolean {
  return isDeepStrictEqual(formOf(current), formOf(form));
}

const PROBLEM_MESSAGES: Record<TemplateProblem["problem"], string> = {
  "name-missing": "Enter a name for the template",
  "name-too-long": "The name must be 255 characters or fewer",
  "subject-missing": "Enter a subject",
  "subject-too-long": "The subject must be 998 characters or fewer",
  "body-missing": "Enter a message",
  "body-too-long": "The message is too long",
  "comma-in-placeholder": "There can be no commas between double brackets",
};

function refuseWrongForm(channel: Channel, form: TidyForm, textMode: TextMode): void {
  const problems = checkTemplate({ channel, ...form }, textMode);
  refuseProblems([
    ...problems.map((one): FieldProblem => ({ ...one, message: PROBLEM_MESSAGES[one.problem] })),
    ...(form.contactBlock === undefined ? [] : contactBlockProblems(form.contactBlock)),
    ...welshProblems(form, textMode),
  ]);
}

const WELSH_FIELDS = { subject: "welshSubject", body: "welshBody" } as const;

/** Both halves of a bilingual letter have to be written. */
function welshProblems({ name, welshSubject, welshBody }: TidyForm, textMode: TextMode): FieldProblem[] {
  if (welshBody === undefined) return [];
  const half = { channel: "letter", name, subject: welshSubject, body: welshBody } as const;
  return checkTemplate(half, textMode).flatMap(({ field, problem }) =>
    field === "name" ? [] : [{ field: WELSH_FIELDS[field], problem, message: `${PROBLEM_MESSAGES[problem]} in Welsh` }],
  );
}
