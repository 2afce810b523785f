/** API keys, looked after by people: made, put on terms, replaced with an overlap, revoked. A secret is shown once, to its maker. */
import { Refusal } from "../../core/refusal.ts";
import { type Tx, violatedUniqueConstraint } from "../../platform/db.ts";
import { parseNetwork } from "../../platform/http/networks.ts";
import { newId, newRandomId } from "../../platform/ids.ts";
import { fullApiKey } from "../../records/api-keys/api-key.ts";
import {
  findKey,
  type ListedApiKey,
  listKeysOf,
  nameKeyMaker,
  renameKey,
  updateKeyTerms,
} from "../../records/api-keys/api-key-page-store.ts";
import { insertApiKey, revokeApiKey as revokeApiKeyRow } from "../../records/api-keys/api-key-store.ts";
import type { KeyKind, Service } from "../../records/services/service.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { type FieldProblem, fieldRefusal, refuseProblems } from "../form-refusal.ts";

const NAME_MAX_CHARACTERS = 255;
const NETWORKS_MAX = 50;
const OVERLAP_MAX_DAYS = 30;
const DAY_MS = 86_400_000;
const NAME_CONSTRAINT = "api_keys_name_in_use";

type Keeper = Pick<App, "db" | "clock" | "services">;
type Owner = Pick<Service, "id" | "dataKey" | "isTrial">;

/** What a form says a key may do: `expiresAt` and networks (addresses or CIDR notation, as typed) may be left out. */
export interface KeyTermsForm {
  expiresAt?: Date | undefined;
  allowedNetworks?: readonly string[];
}

export interface NewKey extends KeyTermsForm {
  name: string;
  kind: KeyKind;
}

export interface MadeKey {
  id: string;
  /** The whole key, which nobody can read again. */
  key: string;
}

/** Those in use first. */
export function listKeys(app: Pick<App, "db">, serviceId: string): Promise<ListedApiKey[]> {
  return listKeysOf(app.db, serviceId);
}

/** Refuses a live key while the service is in trial, and a name that another key in use has. */
export async function createKey(app: Keeper, actor: Actor, wish: { service: Owner; key: NewKey }): Promise<MadeKey> {
  const { service, key } = wish;
  if (key.kind === "live" && service.isTrial) {
    throw fieldRefusal("kind", "live-key-in-trial", "A service in trial mode cannot have a live key");
  }
  const name = checkName(key.name);
  const terms = checkTerms(app, key);
  const made = { id: newId(), secret: newRandomId() };
  await change(app, service.id, async (tx) => {
    await refuseTakenName(tx, service.id, name);
    await insert(tx, actor, { service, key: { ...made, name, kind: key.kind }, terms });
    const after = { kind: key.kind, ...terms };
    await recordDeed(tx, actor, { serviceId: service.id, action: "api-key.created", subject: name, after });
  });
  return { id: made.id, key: fullApiKey(keyPrefix(name), service.id, made.secret) };
}

/**
 * A new key of the same name, kind and networks; the old one goes on for so many days under a name that says so, 0 for none.
 */
export async function rotateKey(
  app: Keeper,
  actor: Actor,
  wish: { service: Owner; keyId: string; overlapDays: number },
): Promise<MadeKey> {
  const { service, keyId, overlapDays } = wish;
  if (!Number.isInteger(overlapDays) || overlapDays < 0 || overlapDays > OVERLAP_MAX_DAYS) {
    throw fieldRefusal("overlapDays", "overlap-wrong", `Enter a number of days from 0 to ${OVERLAP_MAX_DAYS}`);
  }
  const now = app.clock.now();
  const made = { id: newId(), secret: newRandomId() };
  const old = await getUsable(app, service.id, keyId);
  const { name, kind, allowedNetworks } = old;
  await change(app, service.id, async (tx) => {
    const endsAt = earlier(old.expiresAt, new Date(now.getTime() + overlapDays * DAY_MS));
    await renameKey(tx, keyId, `${name} (until ${endsAt.toISOString().slice(0, 16)})`);
    await updateKeyTerms(tx, { id: keyId, expiresAt: endsAt, allowedNetworks });
    if (overlapDays === 0) await revokeApiKeyRow(tx, keyId);
    await insert(tx, actor, {
      service,
      key: { ...made, name, kind },
      terms: { expiresAt: undefined, allowedNetworks },
    });
    const after = { overlapDays };
    await recordDeed(tx, actor, { serviceId: service.id, action: "api-key.rotated", subject: name, after });
  });
  return { id: made.id, key: fullApiKey(keyPrefix(name), service.id, made.secret) };
}

/** When it runs out, and whence it may be used. */
export async function setKeyTerms(
  app: Keeper,
  actor: Actor,
  wish: { serviceId: string; keyId: string; terms: KeyTermsForm },
): Promise<void> {
  const { serviceId, keyId } = wish;
  const terms = checkTerms(app, wish.terms);
  const { name, expiresAt, allowedNetworks } = await getUsable(app, serviceId, keyId);
  await change(app, serviceId, async (tx) => {
    await updateKeyTerms(tx, { id: keyId, ...terms });
    const entry = { before: { expiresAt, allowedNetworks }, after: { ...terms } };
    await recordDeed(tx, actor, { serviceId, action: "api-key.terms-changed", subject: name, ...entry });
  });
}

/** Nobody can use it from now on; a second time changes nothing. */
export async function revokeKey(
  app: Keeper,
  actor: Actor,
  { serviceId, keyId }: { serviceId: string; keyId: string },
): Promise<void> {
  const key = await getKey(app, serviceId, keyId);
  if (key.revokedAt) return;
  await change(app, serviceId, async (tx) => {
    await revokeApiKeyRow(tx, keyId);
    await recordDeed(tx, actor, { serviceId, action: "api-key.revoked", subject: key.name });
  });
}

interface Inserting {
  service: Owner;
  key: { id: string; secret: string; name: string; kind: KeyKind };
  terms: { expiresAt: Date | undefined; allowedNetworks: readonly string[] };
}

async function insert(tx: Tx, actor: Actor, { service, key, terms }: Inserting): Promise<void> {
  await insertApiKey(tx, { serviceId: service.id, dataKey: service.dataKey }, key);
  await updateKeyTerms(tx, { id: key.id, ...terms });
  await nameKeyMaker(tx, key.id, actor.userId);
}

async function change(app: Keeper, serviceId: string, work: (tx: Tx) => Promise<void>): Promise<void> {
  try {
    await app.db.transaction(work);
  } catch (error) {
    if (violatedUniqueConstraint(error) === NAME_CONSTRAINT) throw nameTaken();
    throw error;
  }
  app.services.forget(serviceId);
}

/** Upper and lower case do not tell two keys apart for people. */
async function refuseTakenName(tx: Tx, serviceId: string, name: string): Promise<void> {
  const isTaken = (await listKeysOf(tx, serviceId)).some(
    (key) => key.revokedAt === undefined && key.name.toLowerCase() === name.toLowerCase(),
  );
  if (isTaken) throw nameTaken();
}

function nameTaken(): Refusal {
  return fieldRefusal("name", "key-name-taken", "There is a key with this name in use; choose another name");
}

async function getKey(app: Pick<App, "db">, serviceId: string, keyId: string): Promise<ListedApiKey> {
  const key = await findKey(app.db, serviceId, keyId);
  if (!key) throw new Refusal("not-found", "There is no such key");
  return key;
}

async function getUsable(app: Keeper, serviceId: string, keyId: string): Promise<ListedApiKey> {
  const key = await getKey(app, serviceId, keyId);
  if (!isUsable(key, app.clock.now())) throw new Refusal("bad-request", "This key is no longer in use");
  return key;
}

function isUsable({ revokedAt, expiresAt }: ListedApiKey, now: Date): boolean {
  return revokedAt === undefined && (expiresAt === undefined || expiresAt > now);
}

function checkName(text: string): string {
  const name = text.trim();
  if (name === "") throw fieldRefusal("name", "key-name-missing", "Enter a name for the key");
  if (name.length <= NAME_MAX_CHARACTERS) return name;
  throw fieldRefusal("name", "key-name-too-long", `The name must be ${NAME_MAX_CHARACTERS} characters or fewer`);
}

function checkTerms(
  { clock }: Pick<App, "clock">,
  { expiresAt, allowedNetworks = [] }: KeyTermsForm,
): { expiresAt: Date | undefined; allowedNetworks: string[] } {
  const typed = allowedNetworks.map((text) => text.trim()).filter(Boolean);
  const networks = typed.map((text) => ({ text, network: parseNetwork(text) }));
  const problems: FieldProblem[] = networks
    .filter(({ network }) => network === undefined)
    .map(({ text }) => networkProblem(`${text} is not an address or a network such as 192.0.2.0/24`, "network-wrong"));
  if (typed.length > NETWORKS_MAX)
    problems.push(networkProblem(`Enter ${NETWORKS_MAX} networks or fewer`, "networks-too-many"));
  if (expiresAt && !(expiresAt > clock.now()))
    problems.push({ field: "expiresAt", problem: "expiry-past", message: "The last day must be in the future" });
  refuseProblems(problems);
  return { expiresAt, allowedNetworks: networks.flatMap(({ network }) => network ?? []) };
}

function networkProblem(message: string, problem: string): FieldProblem {
  return { field: "allowedNetworks", problem, message };
}

function earlier(a: Date | undefined, b: Date): Date {
  return a && a < b ? a : b;
}

/** The name as it stands in front of the key.  keyPrefix("My key!") → "my_key" */
function keyPrefix(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/\s+/g, "_")
    .replace(/[^a-z0-9_-]/g, "");
  return plain || "key";
}
