/** A service's folders as one member sees them: a folder whose parent is invisible is listed where it can be seen, with its path. */
import type { TemplateFolder } from "../../records/templates/template-folder-store.ts";

export interface VisibleFolder {
  id: string;
  /** As shown: with the names of the invisible folders it lies in before its own. */
  name: string;
  /** Its own name alone. */
  ownName: string;
  /** The nearest folder above that the member sees; undefined at the root. */
  parentId: string | undefined;
  /** From the root to this folder, names of visible ancestors and its own. */
  path: readonly string[];
}

const DEPTH_MAX = 100;
const BETWEEN_NAMES = " ";

export function visibleFolders(folders: readonly TemplateFolder[], excludedIds: ReadonlySet<string>): VisibleFolder[] {
  const byId = new Map(folders.map((folder) => [folder.id, folder]));
  const shown = new Map<string, VisibleFolder>();
  const show = (folder: TemplateFolder): VisibleFolder => {
    const known = shown.get(folder.id);
    if (known) return known;
    const { hiddenNames, visibleParent } = lookUp(folder, byId, excludedIds);
    const name = [...hiddenNames, folder.name].join(BETWEEN_NAMES);
    const above = visibleParent ? show(visibleParent).path : [];
    const visible = { id: folder.id, name, ownName: folder.name, parentId: visibleParent?.id, path: [...above, name] };
    shown.set(folder.id, visible);
    return visible;
  };
  return folders.filter(({ id }) => !excludedIds.has(id)).map(show);
}

function lookUp(
  folder: TemplateFolder,
  byId: ReadonlyMap<string, TemplateFolder>,
  excludedIds: ReadonlySet<string>,
): { hiddenNames: string[]; visibleParent: TemplateFolder | undefined } {
  const hiddenNames: string[] = [];
  let parent = parentOf(folder, byId);
  while (parent && excludedIds.has(parent.id)) {
    hiddenNames.unshift(parent.name);
    parent = parentOf(parent, byId);
  }
  return { hiddenNames, visibleParent: parent };
}

function parentOf(folder: TemplateFolder, byId: ReadonlyMap<string, TemplateFolder>): TemplateFolder | undefined {
  return folder.parentId === undefined ? undefined : byId.get(folder.parentId);
}

/** Whether `inner` is `outer` or lies in it, however deep. */
export function liesIn(folders: readonly TemplateFolder[], inner: string | undefined, outer: string): boolean {
  const byId = new Map(folders.map((folder) => [folder.id, folder]));
  let at = inner;
  for (let depth = 0; at !== undefined && depth < DEPTH_MAX; depth++) {
    if (at === outer) return true;
    at = byId.get(at)?.parentId;
  }
  return false;
}
