/**
 * Files that ship with the code but are not code: views, styles, migrations. The same call finds them whether we run from
 * `src` or from the bundle in `dist`, where the build puts a copy of everything in `src` that is not TypeScript.
 *
 *     assetPath("servers/admin/views")      src/servers/admin/views or dist/servers/admin/views
 *     packagePath("db/migrations")          the same folder for both
 */
import { existsSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(import.meta.url);
const root = findRoot(dirname(here));
const codeFolder = here.slice(root.length + 1).split(sep)[0] ?? "src";

function findRoot(folder: string): string {
  if (existsSync(join(folder, "package.json"))) return folder;
  if (dirname(folder) === folder) throw new Error(`No package.json above ${here}`);
  return findRoot(dirname(folder));
}

/** A path from the package's root. */
export function packagePath(path: string): string {
  return join(root, path);
}

/** A path from the folder of the code that is running: `src`, or `dist` in a build. */
export function assetPath(path: string): string {
  return join(root, codeFolder, path);
}
