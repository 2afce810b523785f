/** A small believable world to start in. Made in an empty database only, through the same door as any file that is applied. */
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Database, Db } from "../../platform/db.ts";
import { newId, newRandomId } from "../../platform/ids.ts";
import { giveToFolderOwner } from "../../platform/postgres/account.ts";
import { fullApiKey } from "../../records/api-keys/api-key.ts";
import type { OpeningKeys } from "../../records/services/service-store.ts";
import { newPassword } from "../../records/users/password.ts";
import { applyDeclaration } from "../apply/apply.ts";
import { readDeclaration } from "../apply/declaration.ts";
import { DEMO_ADMIN_EMAIL, type DemoIds, demoDeclaration } from "./demo-declaration.ts";
import { ensureSandboxProviders, type SandboxPorts } from "./sandbox-providers.ts";

const DEMO_FILE = "demo.json";
const ACTOR = "pennypost start";
/** In the demonstration the sandbox carries everything: nothing leaves the machine, whichever key is used. */
const SANDBOXED_KEY_KINDS = ["test", "team", "live"] as const;

export interface DemoWorld {
  apiUrl: string;
  adminUrl: string;
  serviceId: string;
  keys: { test: string; team: string; live: string };
  templates: { sms: string; email: string; letter: string };
  admin: { email: string; password: string };
}

export interface DemoOptions {
  dataDir: string;
  apiUrl: string;
  adminUrl: string;
  ports: SandboxPorts;
  /** The origin of the sandbox's receiver of callbacks. */
  receiver: string;
}

/** The file in a data folder that says how to get into its demonstration world. */
export function demoFile(dataDir: string): string {
  return join(dataDir, DEMO_FILE);
}

/** Whether nobody has set anything up yet. */
async function isEmptyInstallation(db: Db): Promise<boolean> {
  const [row] = await db.query<{ isEmpty: boolean }>`
    select not exists (select from services s where not s.is_internal) and not exists (select from users) and not exists (select from providers p
      where not p.is_sandbox) as is_empty`;
  return row?.isEmpty ?? false;
}

/** Makes the world and writes `demo.json`; undefined, with nothing done, when the database is not empty. */
export async function makeDemoWorld(
  db: Database,
  keys: OpeningKeys,
  options: DemoOptions,
): Promise<DemoWorld | undefined> {
  if (!(await isEmptyInstallation(db))) return undefined;
  const ids = newDemoIds(options.receiver);
  const place = { value: demoDeclaration(ids), path: [], source: { locate: () => "", environment: {} } };
  await ensureSandboxProviders(db, keys, { ports: options.ports, keyKinds: SANDBOXED_KEY_KINDS });
  const declaration = readDeclaration(place);
  await applyDeclaration(db, keys, { declaration, actor: ACTOR, prunes: false, isDryRun: false });
  const world = describeWorld(ids, options);
  const { apiUrl: api_url, adminUrl: admin_url, serviceId: service_id, ...rest } = world;
  writePrivately(
    demoFile(options.dataDir),
    `${JSON.stringify({ api_url, admin_url, service_id, ...rest }, null, 2)}\n`,
  );
  return world;
}

function newDemoIds(receiver: string): DemoIds {
  return {
    receiver,
    callbackToken: newRandomId(),
    service: newRandomId(),
    templates: { sms: newId(), email: newId(), letter: newId() },
    keys: { test: newRandomId(), team: newRandomId(), live: newRandomId() },
    adminPassword: newPassword(),
  };
}

function describeWorld(ids: DemoIds, options: DemoOptions): DemoWorld {
  const key = (kind: keyof DemoIds["keys"]) => fullApiKey(kind, ids.service, ids.keys[kind]);
  return {
    apiUrl: options.apiUrl,
    adminUrl: options.adminUrl,
    serviceId: ids.service,
    keys: { test: key("test"), team: key("team"), live: key("live") },
    templates: ids.templates,
    admin: { email: DEMO_ADMIN_EMAIL, password: ids.adminPassword },
  };
}

function writePrivately(file: string, content: string): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, content, { mode: 0o600 });
  giveToFolderOwner(draft);
  renameSync(draft, file);
}
