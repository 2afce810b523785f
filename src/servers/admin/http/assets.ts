/** Styles, scripts and pictures as the build made them: their names carry a hash of their content, so browsers may keep them for good. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packagePath } from "../../../platform/package-files.ts";

export const ASSETS_URL = "/assets/";

/** Made by the build, whether the code then runs from `src` or from `dist`. */
export const ASSETS_FOLDER = packagePath("dist/assets");

let names: Readonly<Record<string, string>> | undefined;

/** The address of an asset by its plain name.  assetUrl("admin.css") → "/assets/admin-K3V7QXTA.css" */
export function assetUrl(name: string): string {
  names ??= readNames();
  return `${ASSETS_URL}${names[name] ?? name}`;
}

function readNames(): Record<string, string> {
  const file = join(ASSETS_FOLDER, "names.json");
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
}
