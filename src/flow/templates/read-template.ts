/** A template as one member may see it. */
import { Refusal } from "../../core/refusal.ts";
import { listExcludedFolderIds } from "../../records/templates/template-folder-store.ts";
import { findTemplatePage, type TemplatePage } from "../../records/templates/template-page-store.ts";
import { findLastUse } from "../../records/templates/template-use-store.ts";
import type { App } from "../app.ts";
import type { Member } from "./folders.ts";

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;
const YEAR_MS = 365 * 24 * 3_600_000;

/** Deleted ones too. One in a folder that the member does not see is not there for them. */
export async function getVisibleTemplate(
  app: Pick<App, "db">,
  { serviceId, userId }: Member,
  templateId: string,
): Promise<TemplatePage> {
  if (!UUID.test(templateId)) throw notThere();
  const [template, excluded] = await Promise.all([
    findTemplatePage(app.db, serviceId, templateId),
    listExcludedFolderIds(app.db, serviceId, userId),
  ]);
  if (!template || excluded.has(template.folderId ?? "")) throw notThere();
  return template;
}

/** The day somebody last sent with it; undefined when nobody has for a year. */
export function findLastUseOf(
  app: Pick<App, "db" | "clock">,
  { serviceId, id }: Pick<TemplatePage, "serviceId" | "id">,
): Promise<Date | undefined> {
  const now = app.clock.now();
  return findLastUse(app.db, { serviceId, templateId: id }, { since: new Date(now.getTime() - YEAR_MS), now });
}

function notThere(): Refusal {
  return new Refusal("not-found", "There is no such template");
}
