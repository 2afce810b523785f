/**
 * PostgreSQL refuses to run as root. When we are root, the server runs as another user that the machine already has.
 */
import { chownSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { CannotStart } from "../cannot-start.ts";

export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/** In order of preference. Every Linux and macOS has the last. */
const ACCOUNT_NAMES = ["pennypost", "postgres", "nobody"];

const ROOT_UID = 0;
const MAY_ENTER = 0o1;
const MAY_READ = 0o4;

/** Who the server is to run as; undefined means as ourselves, who are not root. */
export function chooseAccount(): Account | undefined {
  if (process.getuid?.() !== ROOT_UID) return undefined;
  const account = preferredAccount(readFileSync("/etc/passwd", "utf8"));
  if (account) return account;
  throw new CannotStart(
    `PostgreSQL does not run as root and there is no user to run it as (${ACCOUNT_NAMES.join(", ")}): make one, start as another user, or set DATABASE_URL`,
  );
}

/** The account to take of those in a passwd(5) file. */
export function preferredAccount(passwd: string): Account | undefined {
  const accounts = passwd.split("\n").map(parseAccount);
  const ordinary = accounts.filter((account) => account.uid > ROOT_UID && account.gid > ROOT_UID);
  return ACCOUNT_NAMES.map((name) => ordinary.find((account) => account.name === name)).find(Boolean);
}

function parseAccount(line: string): Account {
  const [name = "", , uid, gid] = line.split(":");
  return { name, uid: Number(uid), gid: Number(gid) };
}

/** Whether the account can go down every folder of `path`, which it names. */
export function canEnter(account: Account | undefined, path: string): boolean {
  if (!account) return true;
  const parent = dirname(path);
  return allows(statSync(path), account, MAY_ENTER) && (parent === path || canEnter(account, parent));
}

/** Whether the account can get to the file and run it. */
export function canRun(account: Account | undefined, file: string): boolean {
  if (!account) return true;
  return canEnter(account, dirname(file)) && allows(statSync(file), account, MAY_READ | MAY_ENTER);
}

/** A start as root leaves no file in an ordinary user's data folder that the next start, as that user, cannot read. */
export function giveToFolderOwner(file: string): void {
  if (process.getuid?.() !== ROOT_UID) return;
  const { uid, gid } = statSync(dirname(file));
  chownSync(file, uid, gid);
}

/** Permission bits as the kernel reads them: the owner's, else the group's, else everybody's (path_resolution(7)). */
export function allows(
  stat: { mode: number; uid: number; gid: number },
  account: { uid: number; gid: number },
  wanted: number,
): boolean {
  if (stat.uid === account.uid) return ((stat.mode >> 6) & wanted) === wanted;
  if (stat.gid === account.gid) return ((stat.mode >> 3) & wanted) === wanted;
  return (stat.mode & wanted) === wanted;
}
