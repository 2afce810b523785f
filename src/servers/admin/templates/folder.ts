/** `/services/:sid/templates/folders/:fid/manage`: a folder's name, who may see it, and its end. */

import { Refusal } from "../../../core/refusal.ts";
import type { VisibleFolder } from "../../../flow/templates/folder-tree.ts";
import {
  deleteFolder,
  listFolderExclusions,
  readVisibleFolders,
  renameFolder,
  setFolderExclusions,
} from "../../../flow/templates/folders.ts";
import { listTeam } from "../../../records/services/team-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, readList, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { shelfPath, TEMPLATES_URL } from "./paths.ts";
import { folderIdOf, memberOf } from "./who.ts";

const MAY_CHANGE = { permission: "manage_templates" } as const;
const MANAGE = `${TEMPLATES_URL}/folders/:fid/manage`;
const DELETE = `${TEMPLATES_URL}/folders/:fid/delete`;

interface ManagePage {
  form: Form<"name">;
  name: string;
  /** The others of the team; undefined for those who may not say who sees it. */
  members: readonly { value: string; text: string; checked: boolean }[] | undefined;
  paths: { shelf: string; delete: string };
}

const showManage = page<ManagePage>("templates/folder.njk");
const showDelete = page<{ form: Form<"delete">; name: string; back: string }>("templates/delete-folder.njk");

export const folderRoutes: readonly Route[] = [
  route({ method: "GET", url: MANAGE, who: MAY_CHANGE, handler: openManage }),
  route({ method: "POST", url: MANAGE, who: MAY_CHANGE, handler: saveFolder }),
  route({ method: "GET", url: DELETE, who: MAY_CHANGE, handler: askToDelete }),
  route({ method: "POST", url: DELETE, who: MAY_CHANGE, handler: removeFolder }),
];

async function openManage(visit: ServiceVisit): Promise<Answer> {
  const folder = await folderOf(visit);
  return manage(visit, folder, formOf({ name: folder.ownName }));
}

async function manage(visit: ServiceVisit, folder: VisibleFolder, form: Form<"name">): Promise<Answer> {
  const shelf = shelfPath({ serviceId: visit.service.id, folderId: folder.id });
  const members = visit.may("manage_service") ? await othersOfTeam(visit, folder.id) : undefined;
  return showManage(visit, { form, name: folder.name, members, paths: { shelf, delete: `${shelf}/delete` } });
}

async function othersOfTeam({ app, service, visitor }: ServiceVisit, folderId: string): Promise<ManagePage["members"]> {
  const [team, excluded] = await Promise.all([listTeam(app.db, service.id), listFolderExclusions(app, folderId)]);
  return team
    .filter(({ userId }) => userId !== visitor.userId)
    .map(({ userId, name }) => ({ value: userId, text: name, checked: !excluded.has(userId) }));
}

async function saveFolder(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const folder = await folderOf(visit);
  const values = readFields(visit, ["name"]);
  return submit({
    values,
    refusedAt: "name",
    act: async () => {
      const named = { serviceId: service.id, folderId: folder.id, name: values.name };
      await renameFolder(app, actorOf(visit), named);
      if (visit.may("manage_service")) await saveWhoSees(visit, folder.id);
      const shelf = shelfPath({ serviceId: service.id, folderId: folder.id });
      return redirect(shelf, { flash: text("templates.manage.saved") });
    },
    showAgain: (form) => manage(visit, folder, form),
  });
}

/** Whoever is not ticked does not see it. Whoever says so goes on seeing it. */
async function saveWhoSees(visit: ServiceVisit, folderId: string): Promise<void> {
  const ticked = new Set(readList(visit, "members"));
  const others = (await othersOfTeam(visit, folderId)) ?? [];
  if (others.every(({ value, checked }) => ticked.has(value) === checked)) return;
  const excludedUserIds = others.map(({ value }) => value).filter((userId) => !ticked.has(userId));
  await setFolderExclusions(visit.app, actorOf(visit), { serviceId: visit.service.id, folderId, excludedUserIds });
}

async function askToDelete(visit: ServiceVisit): Promise<Answer> {
  return showDeletion(visit, await folderOf(visit), formOf({ delete: "" }));
}

function showDeletion(visit: ServiceVisit, folder: VisibleFolder, form: Form<"delete">): Answer {
  const back = shelfPath({ serviceId: visit.service.id, folderId: folder.id });
  return showDelete(visit, { form, name: folder.name, back });
}

async function removeFolder(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const folder = await folderOf(visit);
  return submit({
    values: { delete: "" },
    refusedAt: "delete",
    act: async () => {
      await deleteFolder(app, actorOf(visit), { serviceId: service.id, folderId: folder.id });
      const flash = text("templates.deleteFolder.done", { name: folder.name });
      return redirect(shelfPath({ serviceId: service.id, folderId: folder.parentId }), { flash });
    },
    showAgain: (form) => showDeletion(visit, folder, form),
  });
}

async function folderOf(visit: ServiceVisit): Promise<VisibleFolder> {
  const folders = await readVisibleFolders(visit.app, memberOf(visit));
  const folder = folders.find(({ id }) => id === folderIdOf(visit));
  if (!folder) throw new Refusal("not-found", "There is no such folder");
  return folder;
}
