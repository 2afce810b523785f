/** What templates are called where messages are counted by them, with the way to each. Those that were deleted keep their names. */
import { listTemplateNames } from "../../../records/templates/template-name-store.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { templatePath } from "./paths.ts";

export interface NamedTemplate {
  name: string;
  /** Undefined where there is no page about it. */
  url: string | undefined;
}

export async function nameTemplates(
  { app, service, text }: ServiceVisit,
  ids: readonly string[],
): Promise<(id: string) => NamedTemplate> {
  const names = await listTemplateNames(app.db, service.id, [...new Set(ids)]);
  const known = new Map<string, NamedTemplate>();
  for (const { id, name, isArchived, isHidden } of names) {
    const shown = isArchived ? text("dashboard.deleted", { name }) : name;
    known.set(id, { name: shown, url: isHidden ? undefined : templatePath(service.id, id) });
  }
  return (id) => known.get(id) ?? { name: text("dashboard.unknownTemplate"), url: templatePath(service.id, id) };
}
