/**
 * Makes a checkout ready to run: its packages installed as the lock file says, its build made from the sources as they are.
 * Nothing to do takes milliseconds. Plain Node, for it runs before any package is there.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, isBuildNeeded } from "./build.mjs";
import { install, isInstallNeeded } from "./install.mjs";
import { withLock } from "./lock.mjs";

export const ROOT = join(fileURLToPath(import.meta.url), "../..");

/**
 * What has to be done, in order. A build needs the development packages; running a finished one does not.
 * @param {{ root: string, development: boolean, build: boolean }} options
 * @returns {("install" | "build")[]}
 */
export function stepsNeeded({ root, development, build: wantsBuild }) {
  const mustBuild = wantsBuild && isBuildNeeded(root);
  const mustInstall = isInstallNeeded(root, { development: development || mustBuild });
  return [
    ...(mustInstall ? [/** @type {const} */ ("install")] : []),
    ...(mustBuild ? [/** @type {const} */ ("build")] : []),
  ];
}

/**
 * @param {{ root?: string, development: boolean, build: boolean }} options `development`: the caller needs the development
 *   packages itself; `build`: the caller needs `dist`
 */
export async function bootstrap({ root = ROOT, ...wanted }) {
  if (!existsSync(join(root, "src")) || stepsNeeded({ root, ...wanted }).length === 0) return;
  await withLock(join(root, ".cache/bootstrap.lock"), async () => {
    // Asked again: another process may have done it while we waited.
    const steps = stepsNeeded({ root, ...wanted });
    if (steps.includes("install")) install(root);
    if (steps.includes("build")) await build(root);
  });
}
