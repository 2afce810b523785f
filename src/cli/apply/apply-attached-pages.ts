/** Pages behind every letter of a template: read where they are, compared, and kept when they are others. */
import type { PaperProblem } from "../../core/letter/check-supplied-letter.ts";
import { findAttachment, sealAttachment } from "../../flow/letters/letter-attachments.ts";
import { checkPages } from "../../flow/templates/attach-pages.ts";
import { insertLetterAttachment } from "../../records/letters/letter-attachment-store.ts";
import type { StoredTemplate, TemplateText } from "../../records/templates/template-write-store.ts";
import type { DeclaredTemplate } from "./declaration.ts";
import { contentWord, refusedAt } from "./named-files.ts";
import { NONE, refuseAt } from "./read.ts";
import { type Owner, type Run, sealerOf } from "./run.ts";

const PROBLEMS: Record<PaperProblem, string> = {
  "unable-to-read-the-file": "it cannot be read as a PDF",
  "letter-too-long": "the letter would have more than 10 pages with it",
  "letter-not-a4-portrait-oriented": "not every page is A4 portrait",
  "content-outside-printable-area": "there is ink where nothing may be printed",
  "notify-tag-found-in-content": "it holds the mark of where a letter begins",
};

/** Null: there are none. The name and what is in them, as the audit log shows them. */
export type PagesWord = string | null;

/** Undefined where the file says nothing of them. What is `none` goes with `--prune` alone. */
export function wantedPages({ attached_pages: wanted }: DeclaredTemplate, prunes: boolean): PagesWord | undefined {
  if (wanted === NONE) return prunes ? null : undefined;
  return wanted && pagesWord(wanted.name ?? wanted.file.name, wanted.file.bytes);
}

/** Pages that are missing from the store are others than any that are wanted. */
export async function currentPages(
  run: Run,
  owner: Owner,
  { attachmentId }: Pick<StoredTemplate, "attachmentId">,
): Promise<PagesWord> {
  if (attachmentId === undefined) return null;
  const { blobs } = await run.files.tools();
  const found = await findAttachment({ db: run.tx, blobs }, sealerOf(owner), attachmentId);
  return found ? pagesWord(found.fileName, found.pdf) : "missing from the file store";
}

function pagesWord(fileName: string, pdf: Buffer): string {
  return `${fileName}, ${contentWord(pdf)}`;
}

/** Answers the id for the template's next version; undefined where the file says that there are none. */
export async function keepPages(
  run: Run,
  owner: Owner,
  { declared, text }: { declared: DeclaredTemplate; text: TemplateText },
): Promise<string | undefined> {
  const { attached_pages: wanted } = declared;
  if (wanted === undefined || wanted === NONE) return undefined;
  const { file, name: fileName = file.name, at } = wanted;
  const tools = { ...(await run.files.tools()), db: run.tx };
  const checked = await refusedAt(at, { pdf: "file" }, () => checkPages(tools, text, file.bytes));
  if (checked.kind === "refused") return refusePages(wanted, checked);
  const { attachment, sealed } = sealAttachment(sealerOf(owner), { fileName, pages: checked.pages, pdf: file.bytes });
  await insertLetterAttachment(run.tx, attachment);
  run.files.stage(attachment.storedAs, sealed);
  return attachment.id;
}

function refusePages(
  { at }: Exclude<NonNullable<DeclaredTemplate["attached_pages"]>, typeof NONE>,
  { problem, pages }: { problem: PaperProblem; pages: readonly number[] },
): never {
  const where = pages.length === 0 ? "" : ` (pages ${pages.join(", ")})`;
  return refuseAt({ path: [...at.path, "file"], source: at.source }, `cannot be used: ${PROBLEMS[problem]}${where}`);
}
