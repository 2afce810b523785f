/** Pages of a PDF that go with every letter of a template: looked through, held against what printers take, and put into a new version. */
import { checkAttachment } from "../../core/letter/check-attachment.ts";
import type { PaperProblem } from "../../core/letter/check-supplied-letter.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Db } from "../../platform/db.ts";
import { findLetterAttachment } from "../../records/letters/letter-attachment-store.ts";
import type { Service } from "../../records/services/service.ts";
import { findTemplatePage, type TemplatePage } from "../../records/templates/template-page-store.ts";
import type { App } from "../app.ts";
import { fieldRefusal } from "../form-refusal.ts";
import { ATTACHMENT_RULES, asSupplied } from "../letters/inspection-rules.ts";
import { keepAttachment } from "../letters/letter-attachments.ts";
import type { LetterPreviews, LetterTemplateWords } from "../letters/preview-letter.ts";
import { refuseUnlessClean } from "../scan-file.ts";
import { type Author, amendTemplate } from "./edit-template.ts";

/** Every letter of the template has it, and each is a PDF of its own. */
const ATTACHMENT_MAX_BYTES = 2 * 1024 * 1024;

type Looker = { db: Db; letters: Pick<LetterPreviews, "set" | "inspect"> } & Pick<App, "scanning" | "log">;
type Attacher = Looker & Pick<App, "db" | "blobs" | "clock">;

export interface Attaching {
  service: Service;
  template: TemplatePage;
  fileName: string;
  pdf: Buffer;
}

export type Attached =
  | { kind: "attached" }
  /** On these pages of the file. `ownPages` are those that the letter has without it. */
  | { kind: "refused"; problem: PaperProblem; pages: readonly number[]; ownPages: number };

/** In the place of pages that the template had before. Refuses, under the field `pdf`, what is no clean file of at most 2 MB. */
export async function attachPages(app: Attacher, author: Author, wish: Attaching): Promise<Attached> {
  const { service, template, fileName, pdf } = wish;
  if (template.channel !== "letter") throw new Refusal("not-found", "There is no such letter template");
  const verdict = await checkPages(app, template, pdf);
  if (verdict.kind === "refused") return verdict;
  const kept = await keepAttachment(app, service, { fileName, pages: verdict.pages, pdf });
  const change = { action: "template.pages-attached", after: { fileName: kept.fileName, pages: kept.pages } };
  const wanted = { serviceId: service.id, templateId: template.id, amend: () => ({ attachmentId: kept.id }), change };
  await app.db.transaction((tx) => amendTemplate(tx, author, wanted));
  return { kind: "attached" };
}

export type CheckedPages = { kind: "printable"; pages: number } | Extract<Attached, { kind: "refused" }>;

/** Whether a PDF can be printed behind letters of these words. Refuses, under the field `pdf`, what is no clean file of at most 2 MB. */
export async function checkPages(app: Looker, words: LetterTemplateWords, pdf: Buffer): Promise<CheckedPages> {
  if (pdf.length > ATTACHMENT_MAX_BYTES) throw fieldRefusal("pdf", "pdf-too-large", "The file must be 2 MB or smaller");
  await refuseUnlessClean(app, pdf);
  const { pages: ownPages } = await app.letters.set({ words, personalisation: {} });
  const verdict = checkAttachment(asSupplied(await app.letters.inspect(pdf, ATTACHMENT_RULES)), ownPages);
  if (verdict.kind === "refuse") return { ...verdict, kind: "refused", ownPages };
  await tryOut(app, words, pdf);
  return { kind: "printable", pages: verdict.pages };
}

/** What can be read can still resist being put behind a letter: better to learn it now than when letters wait. */
async function tryOut({ letters }: Looker, words: LetterTemplateWords, pdf: Buffer): Promise<void> {
  try {
    await letters.set({ words, personalisation: {}, attachment: pdf });
  } catch {
    throw fieldRefusal("pdf", "pdf-not-printable", "This file cannot be put behind a letter. Save it as a PDF again");
  }
}

/** Letters from now on go without; versions that had the pages keep them. */
export async function removeAttachedPages(
  { db }: Pick<App, "db">,
  author: Author,
  { serviceId, templateId }: { serviceId: string; templateId: string },
): Promise<void> {
  await db.transaction(async (tx) => {
    const before = await findTemplatePage(tx, serviceId, templateId);
    if (before?.attachmentId === undefined) return;
    const attachment = await findLetterAttachment(tx, { serviceId, id: before.attachmentId });
    const change = { action: "template.pages-removed", before: { fileName: attachment?.fileName } };
    const amend = () => ({ attachmentId: undefined });
    await amendTemplate(tx, author, { serviceId, templateId, amend, change });
  });
}
