/**
 * Which process looks after the server of a data folder: the one named in a file there, as long as it lives. Only the owner
 * starts, restarts and stops the server; every other process is its guest.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { findProcess } from "./process-table.ts";

export interface Ownership {
  /** Gives it up. Harmless when it has since passed to another. */
  release(): void;
}

/** Makes this process the owner; undefined when another process (or another part of this one) is, and lives. */
export function takeOwnership(file: string): Ownership | undefined {
  const owner = readOwner(file);
  if (owner !== undefined) {
    if (isAlive(owner, file)) return undefined;
    if (!removeExactly(file, owner)) return undefined;
  }
  const us = JSON.stringify({ pid: process.pid, startedAt: findProcess(process.pid)?.startedAt, file });
  if (!createExclusively(file, us)) return undefined;
  return { release: () => void (readOwner(file) === us && removeExactly(file, us)) };
}

/** In a copy of a data folder, the file names the owner of the original: that is no owner of this one. */
function isAlive(owner: string, file: string): boolean {
  const { pid, startedAt, file: ownedFile } = parseOwner(owner);
  return file === ownedFile && startedAt !== undefined && findProcess(Number(pid))?.startedAt === startedAt;
}

function parseOwner(text: string): { pid?: number; startedAt?: string; file?: string } {
  try {
    return JSON.parse(text);
  } catch {
    return {}; // cut short by a full disk or a crash of the machine
  }
}

function readOwner(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/** A link appears with its content or not at all, and never over another. */
function createExclusively(file: string, content: string): boolean {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, content);
  try {
    linkSync(draft, file);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Of several processes that find the same dead owner, one moves its file away; a file made since is put back. */
function removeExactly(file: string, expected: string): boolean {
  const aside = `${file}.${process.pid}.gone`;
  try {
    renameSync(file, aside);
  } catch {
    return false;
  }
  const mistaken = readOwner(aside) !== expected;
  if (mistaken) restore(aside, file);
  rmSync(aside, { force: true });
  return !mistaken;
}

function restore(aside: string, file: string): void {
  try {
    linkSync(aside, file);
  } catch {
    // A third process has become the owner meanwhile.
  }
}
