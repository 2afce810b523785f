/** Files that go with every email of a template, as the database keeps them. */
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";
import type { TemplateFile } from "./template-file.ts";

const COLUMNS = sqlConstant(`
  f.id, f.service_id, f.template_id, f.file_name, f.extension, f.mime_type, f.size, f.link_text, f.retention_weeks, f.asks_for_address,
  f.sealed_key`);

/** Known before it is in the store, so that upkeep finds what never came to be there. */
export async function insertTemplateFile(db: Db, file: TemplateFile): Promise<void> {
  await db.query`
    insert into template_files (id, service_id, template_id, file_name, extension, mime_type, size, link_text, retention_weeks,
      asks_for_address, sealed_key)
    values (${file.id}, ${file.serviceId}, ${file.templateId}, ${file.fileName}, ${file.extension}, ${file.mimeType}, ${file.size},
      ${file.linkText ?? null}, ${file.retentionWeeks}, ${file.asksForAddress}, ${file.sealedKey})`;
}

export async function recordTemplateFileKept(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.query`update template_files set kept_at = ${at} where id = ${id}`;
}

/** Those that go with an email now, the oldest first. */
export function listTemplateFiles(db: Db, templateId: string): Promise<TemplateFile[]> {
  return db.query<TemplateFile>`
    select ${COLUMNS} from template_files f
    where f.template_id = ${templateId} and f.removed_at is null and f.kept_at is not null order by f.id`;
}

export async function updateTemplateFile(
  tx: Tx,
  id: string,
  settings: Pick<TemplateFile, "linkText" | "retentionWeeks" | "asksForAddress">,
): Promise<void> {
  await tx.query`
    update template_files set link_text = ${settings.linkText ?? null}, retention_weeks = ${settings.retentionWeeks},
      asks_for_address = ${settings.asksForAddress}
    where id = ${id}`;
}

/** Whoever has a link keeps it; nobody else opens the file again. */
export async function removeTemplateFile(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.query`update template_files set removed_at = ${at}, sealed_key = null where id = ${id} and removed_at is null`;
}

/** Removed ones to which no link leads any more, and those from before a moment that never came to be kept. */
export async function listUnneededTemplateFiles(
  db: Db,
  { before, limit }: { before: Date; limit: number },
): Promise<string[]> {
  const rows = await db.query<{ id: string }>`
    select f.id from template_files f
    where (f.removed_at < ${before} or (f.kept_at is null and f.created_at < ${before}))
      and not exists (select from documents d where d.template_file_id = f.id and d.removed_at is null)
    order by f.id limit ${limit}`;
  return rows.map(({ id }) => id);
}

export async function deleteTemplateFiles(db: Db, ids: readonly string[]): Promise<void> {
  await db.query`delete from template_files where id = any(${ids}::uuid[])`;
}
