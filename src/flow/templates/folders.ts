/** Folders of templates: made, renamed, moved, emptied and deleted, and shown or not shown to members. */
import { Refusal } from "../../core/refusal.ts";
import { type Tx, violatedUniqueConstraint } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import {
  copyExclusions,
  deleteFolder as deleteFolderRow,
  FOLDER_NAME_CONSTRAINT,
  insertFolder,
  listExcludedFolderIds,
  listExcludedUserIds,
  listFolders,
  lockFolders,
  moveFolders,
  moveTemplates,
  renameFolder as renameFolderRow,
  replaceExcludedUsers,
  type TemplateFolder,
} from "../../records/templates/template-folder-store.ts";
import { type ListedTemplate, listTemplatesInFolders } from "../../records/templates/template-page-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { FormRefusal, fieldRefusal } from "../form-refusal.ts";
import { liesIn, type VisibleFolder, visibleFolders } from "./folder-tree.ts";

const NAME_MAX_CHARACTERS = 255;
const MOVED_AT_ONCE_MAX = 500;
const ROOT = "the root";

type Keeper = Pick<App, "db">;

/** What stands in a folder, or at the root, for one member. */
export interface TemplateShelf {
  folder: VisibleFolder | undefined;
  folders: readonly (VisibleFolder & { templates: number; folders: number })[];
  templates: readonly ListedTemplate[];
  /** Every folder the member sees, for choosing where to move things. */
  allFolders: readonly VisibleFolder[];
}

export interface Member {
  serviceId: string;
  userId: string;
}

/** Templates in folders that the member does not see are left out. Refuses a folder that is not there for them. */
export async function readShelf(app: Keeper, member: Member, folderId: string | undefined): Promise<TemplateShelf> {
  const [tree, templates] = await Promise.all([
    readVisibleFolders(app, member),
    listTemplatesInFolders(app.db, member.serviceId),
  ]);
  const folder = tree.find(({ id }) => id === folderId);
  if (folderId !== undefined && !folder) throw new Refusal("not-found", "There is no such folder");
  const count = (id: string) => ({
    templates: templates.filter((template) => template.folderId === id).length,
    folders: tree.filter(({ parentId }) => parentId === id).length,
  });
  return {
    folder,
    folders: tree.filter(({ parentId }) => parentId === folderId).map((one) => ({ ...one, ...count(one.id) })),
    templates: templates.filter((template) => template.folderId === folderId),
    allFolders: tree,
  };
}

/** Every template the member sees, whatever folder it is in. */
export async function listVisibleTemplates(app: Keeper, member: Member): Promise<ListedTemplate[]> {
  const [excluded, templates] = await Promise.all([
    listExcludedFolderIds(app.db, member.serviceId, member.userId),
    listTemplatesInFolders(app.db, member.serviceId),
  ]);
  return templates.filter(({ folderId }) => folderId === undefined || !excluded.has(folderId));
}

export async function readVisibleFolders(app: Keeper, { serviceId, userId }: Member): Promise<VisibleFolder[]> {
  const [folders, excluded] = await Promise.all([
    listFolders(app.db, serviceId),
    listExcludedFolderIds(app.db, serviceId, userId),
  ]);
  return visibleFolders(folders, excluded);
}

/** Makes a folder, and puts what is chosen into it. Answers its id. */
export async function createFolder(
  app: Keeper,
  actor: Actor,
  wish: { serviceId: string; name: string; parentId?: string | undefined; moves?: Chosen },
): Promise<string> {
  const { serviceId, parentId } = wish;
  const name = checkName(wish.name);
  const id = newId();
  await changeFolders(app, serviceId, async (tx, folders) => {
    if (parentId !== undefined) getFolder(folders, parentId);
    await insertFolder(tx, { id, serviceId, parentId, name });
    if (parentId !== undefined) await copyExclusions(tx, parentId, id);
    await recordDeed(tx, actor, { serviceId, action: "template-folder.created", subject: name });
    const everyFolder = [...folders, { id, serviceId, parentId, name }];
    if (wish.moves) await move({ tx, actor, serviceId, folders: everyFolder }, wish.moves, id);
  });
  return id;
}

export async function renameFolder(
  app: Keeper,
  actor: Actor,
  wish: { serviceId: string; folderId: string; name: string },
): Promise<void> {
  const { serviceId, folderId } = wish;
  const name = checkName(wish.name);
  await changeFolders(app, serviceId, async (tx, folders) => {
    const before = getFolder(folders, folderId);
    if (before.name === name) return;
    await renameFolderRow(tx, folderId, name);
    const change = { before: { name: before.name }, after: { name } };
    await recordDeed(tx, actor, { serviceId, action: "template-folder.renamed", subject: name, ...change });
  });
}

/** Templates and folders picked from a list. */
export interface Chosen {
  templateIds: readonly string[];
  folderIds: readonly string[];
}

/** Moves into a folder, or to the root. A folder cannot go into itself or what lies in it. */
export async function moveToFolder(
  app: Keeper,
  actor: Actor,
  wish: { serviceId: string; chosen: Chosen; folderId: string | undefined },
): Promise<void> {
  await changeFolders(app, wish.serviceId, (tx, folders) =>
    move({ tx, actor, serviceId: wish.serviceId, folders }, wish.chosen, wish.folderId),
  );
}

/** Refuses a folder in which there still is something, seen or not. */
export async function deleteFolder(
  app: Keeper,
  actor: Actor,
  { serviceId, folderId }: { serviceId: string; folderId: string },
): Promise<void> {
  await changeFolders(app, serviceId, async (tx, folders) => {
    const folder = getFolder(folders, folderId);
    const templates = await listTemplatesInFolders(tx, serviceId);
    const isEmpty =
      !folders.some(({ parentId }) => parentId === folderId) &&
      !templates.some((template) => template.folderId === folderId);
    if (!isEmpty) throw new Refusal("bad-request", "You must empty this folder before you can delete it");
    await deleteFolderRow(tx, folderId);
    await recordDeed(tx, actor, { serviceId, action: "template-folder.deleted", subject: folder.name });
  });
}

/** Members of a service who may not see a folder: everybody else may. */
export function listFolderExclusions(app: Keeper, folderId: string): Promise<Set<string>> {
  return listExcludedUserIds(app.db, folderId);
}

/** Says who may not see a folder. */
export async function setFolderExclusions(
  app: Keeper,
  actor: Actor,
  wish: { serviceId: string; folderId: string; excludedUserIds: readonly string[] },
): Promise<void> {
  const { serviceId, folderId, excludedUserIds } = wish;
  await changeFolders(app, serviceId, async (tx, folders) => {
    const folder = getFolder(folders, folderId);
    const before = { hiddenFrom: [...(await listExcludedUserIds(tx, folderId))] };
    await replaceExcludedUsers(tx, folderId, excludedUserIds);
    const change = { before, after: { hiddenFrom: excludedUserIds } };
    await recordDeed(tx, actor, { serviceId, action: "template-folder.shown", subject: folder.name, ...change });
  });
}

async function changeFolders(
  app: Keeper,
  serviceId: string,
  work: (tx: Tx, folders: TemplateFolder[]) => Promise<void>,
): Promise<void> {
  try {
    await app.db.transaction(async (tx) => {
      await lockFolders(tx, serviceId);
      await work(tx, await listFolders(tx, serviceId));
    });
  } catch (error) {
    if (violatedUniqueConstraint(error) !== FOLDER_NAME_CONSTRAINT) throw error;
    throw fieldRefusal("name", "folder-name-taken", "There is a folder with this name already; choose another name");
  }
}

interface Moving {
  tx: Tx;
  actor: Actor;
  serviceId: string;
  folders: readonly TemplateFolder[];
}

async function move({ tx, actor, serviceId, folders }: Moving, chosen: Chosen, to: string | undefined): Promise<void> {
  const count = chosen.templateIds.length + chosen.folderIds.length;
  if (count === 0) throw fieldRefusal("chosen", "nothing-chosen", "Choose at least one template or folder");
  if (count > MOVED_AT_ONCE_MAX) throw new Refusal("bad-request", `Move at most ${MOVED_AT_ONCE_MAX} at a time`);
  const target = to === undefined ? undefined : getFolder(folders, to);
  for (const id of chosen.folderIds) {
    const { name } = getFolder(folders, id);
    if (liesIn(folders, to, id)) throw new Refusal("bad-request", `${name} cannot be moved into itself`);
  }
  const own = new Set((await listTemplatesInFolders(tx, serviceId)).map(({ id }) => id));
  if (chosen.templateIds.some((id) => !own.has(id))) throw new Refusal("not-found", "There is no such template");
  await moveTemplates(tx, chosen.templateIds, to);
  await moveFolders(tx, chosen.folderIds, to);
  await recordDeed(tx, actor, {
    serviceId,
    action: "templates.moved",
    subject: target?.name ?? ROOT,
    after: { ...chosen },
  });
}

function getFolder(folders: readonly TemplateFolder[], id: string): TemplateFolder {
  const folder = folders.find((one) => one.id === id);
  if (!folder) throw new Refusal("not-found", "There is no such folder");
  return folder;
}

function checkName(text: string): string {
  const name = text.trim();
  if (name === "") throw fieldRefusal("name", "folder-name-missing", "Enter a name for the folder");
  if (name.length <= NAME_MAX_CHARACTERS) return name;
  const message = `The name must be ${NAME_MAX_CHARACTERS} characters or fewer`;
  throw new FormRefusal([{ field: "name", problem: "folder-name-too-long", message }]);
}
