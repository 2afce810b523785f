/** Templates as read a moment ago; a version never changes, so it is kept for longer than which version is in use. */
import type { Db } from "../../platform/db.ts";
import { createTimedCache } from "../../platform/timed-cache.ts";
import type { TemplateVersion } from "./template.ts";
import { findCurrentTemplate, findTemplateVersion } from "./template-store.ts";

const CURRENT_TTL_MS = 1_500;
const VERSION_TTL_MS = 10 * 60_000;
const TEMPLATES_MAX = 5_000;

export interface Templates {
  /** The version in use. */
  find(id: string): Promise<TemplateVersion | undefined>;
  findVersion(id: string, version: number): Promise<TemplateVersion | undefined>;
}

export function createTemplates(db: Db): Templates {
  const versions = createTimedCache<string, TemplateVersion | undefined>({
    ttlMs: VERSION_TTL_MS,
    maxEntries: TEMPLATES_MAX,
    load: (key) => {
      const [id = "", version] = key.split("/");
      return findTemplateVersion(db, id, Number(version));
    },
  });
  const current = createTimedCache<string, TemplateVersion | undefined>({
    ttlMs: CURRENT_TTL_MS,
    maxEntries: TEMPLATES_MAX,
    load: (id) => findCurrentTemplate(db, id),
  });
  return { find: current.get, findVersion: (id, version) => versions.get(`${id}/${version}`) };
}
