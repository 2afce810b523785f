/** The version of the package that is running. */
import { readFileSync } from "node:fs";
import { packagePath } from "./package-files.ts";

export function productVersion(): string {
  const { version } = JSON.parse(readFileSync(packagePath("package.json"), "utf8")) as { version: string };
  return version;
}
