/** Templates as read a moment ago; a version never changes, so it is kept for longer than which version is in use. */
import type { Db } from "../../platform/db.ts";
import { createTimedCache } from "../../platform/timed-cache.ts";
import type { TemplateVersion } from "./template.ts";
import type { TemplateFile } from "./template-file.ts";
import { listTemplateFiles } from "./template-file-store.ts";
import { findCurrentTemplate, findTemplateVersion } from "./template-store.ts";

const CURRENT_TTL_MS = 1_500;
const VERSION_TTL_MS = 10 * 60_000;
const TEMPLATES_MAX = 5_000;

export interface Templates {
  /** The version in use. */
  find(id: string): Promise<TemplateVersion | undefined>;
  findVersion(id: string, version: number): Promise<TemplateVersion | undefined>;
  /** Files that go with its emails now. */
  findFiles(id: string): Promise<readonly TemplateFile[]>;
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
  // Together, so that no email is refused for a file that its newest words have a place for.
  const current = createTimedCache<string, Current>({
    ttlMs: CURRENT_TTL_MS,
    maxEntries: TEMPLATES_MAX,
    load: async (id) => {
      const template = await findCurrentTemplate(db, id);
      return { template, files: template?.channel === "email" ? await listTemplateFiles(db, id) : [] };
    },
  });
  return {
    find: async (id) => (await current.get(id)).template,
    findFiles: async (id) => (await current.get(id)).files,
    findVersion: (id, version) => versions.get(`${id}/${version}`),
  };
}

interface Current {
  template: TemplateVersion | undefined;
  files: readonly TemplateFile[];
}
