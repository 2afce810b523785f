/** Where templates, folders and versions are found. */
import type { Admin } from "../http/visit.ts";

export const TEMPLATES_URL = "/services/:sid/templates";

export interface Place {
  serviceId: string;
  folderId?: string | undefined;
}

/** The list of a folder, or of the root. */
export function shelfPath({ serviceId, folderId }: Place): string {
  const root = `/services/${serviceId}/templates`;
  return folderId === undefined ? root : `${root}/folders/${folderId}`;
}

export function templatePath(serviceId: string, templateId: string): string {
  return `/services/${serviceId}/templates/${templateId}`;
}

/** Of a page about templates at the root of the service: "new" → "/services/…/templates/new" */
export function templatesPath({ serviceId, folderId }: Place, page: string): string {
  const query = folderId === undefined ? "" : `?folder=${folderId}`;
  return `/services/${serviceId}/templates/${page}${query}`;
}

/** Where one sends with a template; undefined while there is no such page. */
export function sendPath({ urls }: Pick<Admin, "urls">, serviceId: string, templateId: string): string | undefined {
  const isThere = [...urls].some((url) => /^\/services\/:\w+\/send\/:\w+$/.test(url));
  return isThere ? `/services/${serviceId}/send/${templateId}` : undefined;
}
