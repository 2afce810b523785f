/** Folders that a service keeps its templates in, and who does not see which. */
import type { Db, Tx } from "../../platform/db.ts";

export interface TemplateFolder {
  id: string;
  serviceId: string;
  /** Undefined at the root. */
  parentId: string | undefined;
  name: string;
}

/** The unique index that two folders of one name in one place run into. */
export const FOLDER_NAME_CONSTRAINT = "template_folders_name";
const FOLDERS_MAX = 2_000;

export function listFolders(db: Db, serviceId: string): Promise<TemplateFolder[]> {
  return db.query<TemplateFolder>`
    select f.id, f.service_id, f.parent_id, f.name from template_folders f
    where f.service_id = ${serviceId} order by lower(f.name), f.id limit ${FOLDERS_MAX}`;
}

/** Folders of a service that this member may not see. */
export async function listExcludedFolderIds(db: Db, serviceId: string, userId: string): Promise<Set<string>> {
  const rows = await db.query<{ folderId: string }>`
    select e.folder_id from template_folder_exclusions e join template_folders f on f.id = e.folder_id
    where f.service_id = ${serviceId} and e.user_id = ${userId}`;
  return new Set(rows.map(({ folderId }) => folderId));
}

/** Members who may not see a folder. */
export async function listExcludedUserIds(db: Db, folderId: string): Promise<Set<string>> {
  const rows = await db.query<{ userId: string }>`
    select e.user_id from template_folder_exclusions e where e.folder_id = ${folderId}`;
  return new Set(rows.map(({ userId }) => userId));
}

export async function insertFolder(tx: Tx, folder: TemplateFolder): Promise<void> {
  await tx.query`
    insert into template_folders (id, service_id, parent_id, name)
    values (${folder.id}, ${folder.serviceId}, ${folder.parentId ?? null}, ${folder.name})`;
}

/** Whoever may not see the parent may not see what is made in it either, until someone says otherwise. */
export async function copyExclusions(tx: Tx, fromFolderId: string, toFolderId: string): Promise<void> {
  await tx.query`
    insert into template_folder_exclusions (folder_id, user_id)
    select ${toFolderId}, e.user_id from template_folder_exclusions e where e.folder_id = ${fromFolderId}`;
}

export async function renameFolder(tx: Tx, id: string, name: string): Promise<void> {
  await tx.query`update template_folders set name = ${name} where id = ${id}`;
}

export async function moveFolders(tx: Tx, ids: readonly string[], parentId: string | undefined): Promise<void> {
  await tx.query`update template_folders set parent_id = ${parentId ?? null} where id = any(${ids}::uuid[])`;
}

export async function moveTemplates(tx: Tx, ids: readonly string[], folderId: string | undefined): Promise<void> {
  await tx.query`update templates set folder_id = ${folderId ?? null} where id = any(${ids}::uuid[])`;
}

export async function deleteFolder(tx: Tx, id: string): Promise<void> {
  await tx.query`update templates set folder_id = null where folder_id = ${id} and archived_at is not null`;
  await tx.query`delete from template_folders where id = ${id}`;
}

/** One at a time changes the shape of a service's tree. */
export async function lockFolders(tx: Tx, serviceId: string): Promise<void> {
  await tx.query`select pg_advisory_xact_lock(hashtextextended(${`template folders ${serviceId}`}, 0))`;
}

/** Sets who may not see a folder, in place of what was said before. */
export async function replaceExcludedUsers(tx: Tx, folderId: string, userIds: readonly string[]): Promise<void> {
  await tx.query`delete from template_folder_exclusions where folder_id = ${folderId}`;
  await tx.query`
    insert into template_folder_exclusions (folder_id, user_id)
    select ${folderId}, u.id from unnest(${userIds}::uuid[]) as u (id)`;
}

/** Sets which folders of a service a member may not see, in place of what was said before. */
export async function replaceExcludedFolders(
  tx: Tx,
  { serviceId, userId }: { serviceId: string; userId: string },
  folderIds: readonly string[],
): Promise<void> {
  await tx.query`
    delete from template_folder_exclusions e using template_folders f
    where f.id = e.folder_id and f.service_id = ${serviceId} and e.user_id = ${userId}`;
  await tx.query`
    insert into template_folder_exclusions (folder_id, user_id)
    select f.id, ${userId} from template_folders f where f.service_id = ${serviceId} and f.id = any(${folderIds}::uuid[])`;
}
