/** What a member may do and which folders they see, as a form asks for it and as it comes back. */
import { permissionsFrom } from "../../../flow/people/team.ts";
import { MEMBER_PERMISSIONS, type MemberPermission } from "../../../records/services/member-store.ts";
import { listFolders, type TemplateFolder } from "../../../records/templates/template-folder-store.ts";
import { readList } from "../http/form.ts";
import type { ServiceVisit, Visit } from "../http/visit.ts";

/** What a checkbox's macro takes. */
interface Choice {
  value: string;
  text: string;
  checked: boolean;
}

export interface PermissionFields {
  permissions: readonly Choice[];
  /** Empty when there are none, or when the visitor may not choose who sees them. */
  folders: readonly Choice[];
}

export interface Given {
  permissions: readonly MemberPermission[];
  hiddenFolderIds: readonly string[];
}

export const NOTHING_GIVEN: Given = { permissions: [], hiddenFolderIds: [] };

/** The fields for `team/permission-fields.njk`, filled in. */
export async function permissionFields(visit: ServiceVisit, given: Given): Promise<PermissionFields> {
  const folders = await foldersToChoose(visit);
  const hidden = new Set(given.hiddenFolderIds);
  const paths = pathsOf(folders);
  return {
    permissions: MEMBER_PERMISSIONS.map((permission) => ({
      value: permission,
      text: visit.text(`services.may.${permission}`),
      checked: given.permissions.includes(permission),
    })),
    folders: folders
      .map(({ id }) => ({ value: id, text: paths.get(id) ?? "", checked: !hidden.has(id) }))
      .toSorted((a, b) => a.text.localeCompare(b.text)),
  };
}

/** What was ticked. Folders are undefined when the visitor could not choose them: they stay as they are. */
export async function readPermissionFields(
  visit: ServiceVisit,
): Promise<{ permissions: MemberPermission[]; hiddenFolderIds: string[] | undefined }> {
  const permissions = permissionsFrom(readList(visit, "permissions"));
  const folders = await foldersToChoose(visit);
  const seen = new Set(readList(visit, "folders"));
  const hiddenFolderIds = folders.map(({ id }) => id).filter((id) => !seen.has(id));
  return { permissions, hiddenFolderIds: folders.length > 0 ? hiddenFolderIds : undefined };
}

/** In words of the catalogue. */
export function permissionWords({ text }: Pick<Visit, "text">, permissions: readonly MemberPermission[]): string[] {
  return MEMBER_PERMISSIONS.filter((permission) => permissions.includes(permission)).map((permission) =>
    text(`services.may.${permission}`),
  );
}

/** Folders are seen by people: who chooses writes templates and manages the team. */
function foldersToChoose({ app, service, may }: ServiceVisit): Promise<TemplateFolder[]> {
  const mayChoose = may("manage_templates") && may("manage_service");
  return mayChoose ? listFolders(app.db, service.id) : Promise.resolve([]);
}

/** "Letters / Overdue" for a folder in another. */
function pathsOf(folders: readonly TemplateFolder[]): Map<string, string> {
  const byId = new Map(folders.map((folder) => [folder.id, folder]));
  const pathOf = ({ name, parentId }: TemplateFolder): string => {
    const parent = parentId ? byId.get(parentId) : undefined;
    return parent ? `${pathOf(parent)} / ${name}` : name;
  };
  return new Map(folders.map((folder) => [folder.id, pathOf(folder)]));
}
