/** What a service says. A template's text makes a new version when it is another; so do the pages behind its letters. */
import { newId } from "../../platform/ids.ts";
import { NO_LETTER_PARTS } from "../../records/templates/template.ts";
import { updateKeeping } from "../../records/templates/template-page-store.ts";
import {
  archiveTemplate,
  hideTemplate,
  insertTemplate,
  insertTemplateVersion,
  listAllTemplates,
  type StoredTemplate,
  type TemplateText,
  updateApproved,
} from "../../records/templates/template-write-store.ts";
import { currentPages, keepPages, type PagesWord, wantedPages } from "./apply-attached-pages.ts";
import { approvedOf, refuseWrongApproved } from "./apply-chat.ts";
import { applyTemplateFiles } from "./apply-template-files.ts";
import type { DeclaredService, DeclaredTemplate } from "./declaration.ts";
import { NONE, refuseAt } from "./read.ts";
import { differences, findMatch, type Noun, reconcile, refuseTwice, said } from "./reconcile.ts";
import type { Owner, Run } from "./run.ts";

export async function applyTemplates(run: Run, owner: Owner, declared: DeclaredService["templates"]): Promise<void> {
  if (!declared) return;
  for (const template of declared) {
    refuseWrongSubject(template);
    refuseWrongLetterParts(template);
    refuseFilesOfOthers(template);
    refuseKeptLetters(template);
    refuseWrongApproved(template);
  }
  const noun = templateNoun(run, owner);
  const current = await listCurrent(run, owner, declared);
  const wanted = withIds(noun, declared, current);
  await reconcile(run, noun, { wanted, current });
  for (const template of wanted) await applyTemplateFiles(run, owner, template);
}

type CurrentTemplate = StoredTemplate & { attachedPages?: PagesWord };

/** Attached pages are read only where the file speaks of some. */
async function listCurrent(
  run: Run,
  owner: Owner,
  declared: readonly DeclaredTemplate[],
): Promise<readonly CurrentTemplate[]> {
  const templates = await listAllTemplates(run.tx, owner.serviceId);
  if (!declared.some(({ attached_pages: pages }) => pages !== undefined)) return templates;
  const withPages: CurrentTemplate[] = [];
  for (const template of templates)
    withPages.push({ ...template, attachedPages: await currentPages(run, owner, template) });
  return withPages;
}

/** Each has the id that it will have, so that its files find it. */
function withIds(
  noun: Noun<DeclaredTemplate, CurrentTemplate>,
  declared: readonly DeclaredTemplate[],
  current: readonly CurrentTemplate[],
): (DeclaredTemplate & { id: string })[] {
  refuseTwice(noun, declared);
  return declared.map((template) => ({
    ...template,
    id: template.id ?? findMatch(noun, template, current)?.id ?? newId(),
  }));
}

function refuseWrongSubject({ channel, subject, at }: DeclaredTemplate): void {
  const place = { path: [...at.path, "subject"], source: at.source };
  if (channel === "sms" && subject !== undefined) refuseAt(place, "cannot be: a text has none");
  if (channel === "chat" && subject !== undefined) refuseAt(place, "cannot be: a chat message has none");
  if ((channel === "email" || channel === "letter") && subject === undefined) refuseAt(place, "is missing");
}

/** A letter is kept until it is printed. */
function refuseKeptLetters({ channel, keeps, at }: DeclaredTemplate): void {
  if (channel === "letter" && keeps !== undefined)
    refuseAt({ path: [...at.path, "keeps"], source: at.source }, "cannot be: the words of letters are always kept");
}

const LETTER_PARTS = ["contact_block", "welsh_subject", "welsh_body"] as const;

function refuseWrongLetterParts(template: DeclaredTemplate): void {
  const place = (part: string) => ({ path: [...template.at.path, part], source: template.at.source });
  const given = LETTER_PARTS.find((part) => template[part] !== undefined);
  if (given !== undefined && template.channel !== "letter") refuseAt(place(given), "cannot be: only letters have one");
  const { welsh_subject: subject, welsh_body: body } = template;
  if ((subject === undefined) !== (body === undefined))
    refuseAt(place(subject === undefined ? "welsh_subject" : "welsh_body"), "is missing: a Welsh half has both");
}

function refuseFilesOfOthers({ channel, files, attached_pages: pages, at }: DeclaredTemplate): void {
  const place = (part: string) => ({ path: [...at.path, part], source: at.source });
  if (channel !== "email" && files !== undefined) refuseAt(place("files"), "cannot be: only emails have files");
  if (channel !== "letter" && pages !== undefined)
    refuseAt(place("attached_pages"), "cannot be: only letters have them");
}

function templateNoun(run: Run, owner: Owner): Noun<DeclaredTemplate, CurrentTemplate> {
  const { tx, actor: createdBy } = run;
  return {
    kind: "template",
    serviceId: owner.serviceId,
    owner: ` of ${owner.name}`,
    hasTwins: true,
    nameOf: ({ channel, name }) => `${name} (${channel})`,
    idOf: ({ id }) => id,
    placeOf: ({ at }) => at,
    fieldsOf: ({ isHidden, keeps, attachedPages, whatsapp, ...template }) => ({
      ...textOf(template),
      ...{ attachedPages, isHidden, keeps, whatsapp: whatsapp ?? null },
    }),
    wishesOf: (declared, current) => ({
      ...declaredText(declared, current),
      attachedPages: wantedPages(declared, run.prunes),
      isHidden: declared.hidden,
      keeps: declared.keeps,
      whatsapp: declared.whatsapp === NONE ? null : approvedOf(declared),
    }),
    insert: async (declared) => {
      const { id = newId(), channel, hidden: isHidden = false } = declared;
      const text = { ...NEW_TEXT, ...declaredText(declared) };
      const attachmentId = await keepPages(run, owner, { declared, text });
      await insertTemplate(tx, { id, serviceId: owner.serviceId, channel, isHidden, createdBy, ...text, attachmentId });
      if (declared.keeps) await updateKeeping(tx, id, declared.keeps);
      if (declared.whatsapp) await updateApproved(tx, id, approvedOf(declared));
    },
    update: async (current, declared) => {
      const before = textOf(current);
      const words = { ...before, ...declaredText(declared, current) };
      const pages = wantedPages(declared, run.prunes);
      const keepsPages = pages === undefined || pages === current.attachedPages;
      const attachmentId = keepsPages ? current.attachmentId : await keepPages(run, owner, { declared, text: words });
      const text = { ...words, attachmentId };
      const isAnother = Object.keys(differences({ ...before }, { ...text }).after).length > 0;
      if (isAnother) await insertTemplateVersion(tx, { id: current.id, createdBy, ...text });
      const { hidden, keeps } = declared;
      if (hidden !== undefined && hidden !== current.isHidden) await hideTemplate(tx, current.id, hidden);
      if (keeps !== undefined && keeps !== current.keeps) await updateKeeping(tx, current.id, keeps);
      if (declared.whatsapp) await updateApproved(tx, current.id, approvedOf(declared));
    },
    remove: ({ id }) => archiveTemplate(tx, id),
  };
}

const NEW_TEXT = { ...NO_LETTER_PARTS, subject: undefined, hasUnsubscribeLink: false };

function textOf({ name, subject, body, hasUnsubscribeLink, ...rest }: TemplateText): TemplateText {
  const { postage, contactBlock, welshSubject, welshBody, attachmentId } = rest;
  const ofLetter = { postage, contactBlock, welshSubject, welshBody, attachmentId };
  return { name, subject, body, hasUnsubscribeLink, ...ofLetter };
}

type DeclaredText = Pick<
  DeclaredTemplate,
  "name" | "subject" | "body" | "postage" | "unsubscribe_link" | (typeof LETTER_PARTS)[number]
>;

/** YAML's blocks end in a line feed that nobody means, so a body that differs in that alone is the same. */
function declaredText(declared: DeclaredText, current?: TemplateText) {
  const { name, subject, postage, unsubscribe_link: hasUnsubscribeLink, welsh_subject: welshSubject } = declared;
  return {
    name,
    body: asMeant(declared.body, current?.body),
    ...said({ subject, postage, hasUnsubscribeLink, welshSubject }),
    ...said({
      welshBody: declared.welsh_body && asMeant(declared.welsh_body, current?.welshBody),
      contactBlock: declared.contact_block && asMeant(declared.contact_block, current?.contactBlock),
    }),
  };
}

function asMeant(declared: string, current: string | undefined): string {
  const meant = declared.trimEnd();
  return current?.trimEnd() === meant ? current : meant;
}
