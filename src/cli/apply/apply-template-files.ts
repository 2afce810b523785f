/** Files that go with every email of a template. One that is another is a new file: links that were sent keep the old one. */
import { checkBytes } from "../../flow/files/check-file.ts";
import {
  findTemplateFileBytes,
  NEW_FILE_SETTINGS,
  recordKept,
  refuseTemplateFile,
  sealTemplateFile,
} from "../../flow/files/template-files.ts";
import { type TemplateFile, templateFileBlobKey } from "../../records/templates/template-file.ts";
import {
  insertTemplateFile,
  listTemplateFiles,
  removeTemplateFile,
  updateTemplateFile,
} from "../../records/templates/template-file-store.ts";
import type { DeclaredTemplate } from "./declaration.ts";
import { contentWord, refusedAt } from "./named-files.ts";
import { refuseAt } from "./read.ts";
import { type Noun, reconcile, said } from "./reconcile.ts";
import { type Owner, type Run, sealerOf } from "./run.ts";

type DeclaredFile = NonNullable<DeclaredTemplate["files"]>[number];
type CurrentFile = TemplateFile & { content: string };

type Template = DeclaredTemplate & { id: string };

export async function applyTemplateFiles(run: Run, owner: Owner, template: Template): Promise<void> {
  const { files: wanted, id } = template;
  if (!wanted) return;
  const current = await listWithContent(run, owner, id);
  await reconcile(run, fileNoun(run, owner, template), { wanted, current });
}

async function listWithContent(run: Run, owner: Owner, templateId: string): Promise<CurrentFile[]> {
  const current: CurrentFile[] = [];
  for (const file of await listTemplateFiles(run.tx, templateId)) {
    const bytes = await findTemplateFileBytes(await run.files.tools(), sealerOf(owner), file);
    current.push({ ...file, content: bytes ? contentWord(bytes) : "missing from the file store" });
  }
  return current;
}

function fileNoun(run: Run, owner: Owner, template: Template): Noun<DeclaredFile, CurrentFile> {
  const add = (file: DeclaredFile, settings: Settings) => addFile(run, owner, { template, file, settings });
  return {
    kind: "template file",
    serviceId: owner.serviceId,
    owner: ` of ${template.name} of ${owner.name}`,
    nameOf: (file) => ("fileName" in file ? file.fileName : nameOf(file)),
    placeOf: ({ at }) => at,
    fieldsOf: ({ content, linkText = "", retentionWeeks, asksForAddress }) => ({
      ...{ content, linkText, retentionWeeks, asksForAddress },
    }),
    wishesOf: ({ file, link_text: linkText, retention_weeks: retentionWeeks, asks_for_address: asksForAddress }) => ({
      content: contentWord(file.bytes),
      ...{ linkText, retentionWeeks, asksForAddress },
    }),
    insert: (file) => add(file, settingsOf(file, NEW_FILE_SETTINGS)),
    update: async (current, file) => {
      const settings = settingsOf(file, current);
      if (current.content === contentWord(file.file.bytes)) return updateTemplateFile(run.tx, current.id, settings);
      await removeTemplateFile(run.tx, current.id, run.now);
      await add(file, settings);
    },
    remove: ({ id }) => removeTemplateFile(run.tx, id, run.now),
  };
}

function nameOf({ name, file }: DeclaredFile): string {
  return name ?? file.name;
}

type Settings = Pick<TemplateFile, "linkText" | "retentionWeeks" | "asksForAddress">;

function settingsOf(declared: DeclaredFile, { linkText, retentionWeeks, asksForAddress }: Settings): Settings {
  const { link_text: text, retention_weeks: weeks, asks_for_address: asks } = declared;
  const settings = { retentionWeeks, asksForAddress, ...said({ retentionWeeks: weeks, asksForAddress: asks }) };
  return { ...settings, linkText: text === undefined ? linkText : text || undefined };
}

async function addFile(
  run: Run,
  owner: Owner,
  wish: { template: Template; file: DeclaredFile; settings: Settings },
): Promise<void> {
  const { template, file: declared, settings } = wish;
  if (!owner.hasFilesContact) refuseAt(declared.at, "needs files_contact of its service: whom recipients may ask");
  const fileName = nameOf(declared);
  const tools = { ...(await run.files.tools()), db: run.tx };
  const file = await refusedAt(declared.at, { file: "file" }, async () => {
    await refuseTemplateFile(tools, template, fileName);
    return checkBytes(tools, { bytes: declared.file.bytes, filename: fileName, isCsv: false });
  });
  const { file: made, sealed } = sealTemplateFile(sealerOf(owner), {
    templateId: template.id,
    fileName,
    file,
    settings,
  });
  await insertTemplateFile(run.tx, made);
  await recordKept(run.tx, [made], run.now);
  run.files.stage(templateFileBlobKey(made.id), sealed);
}
