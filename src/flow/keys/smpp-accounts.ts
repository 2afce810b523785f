/** SMPP accounts, looked after by people: made, put on other terms, given another password, revoked. A password is shown once. */
import { randomInt } from "node:crypto";
import { Refusal } from "../../core/refusal.ts";
import { type Tx, violatedUniqueConstraint } from "../../platform/db.ts";
import { parseNetwork } from "../../platform/http/networks.ts";
import { newId } from "../../platform/ids.ts";
import type { KeyKind, Service } from "../../records/services/service.ts";
import {
  isSystemId,
  type ListedSmppAccount,
  SMPP_LIMITS,
  SMPP_PASSWORD_CHARACTERS,
  type SmppTerms,
} from "../../records/smpp-accounts/smpp-account.ts";
import {
  findSmppAccount,
  insertSmppAccount,
  revokeSmppAccount as revokeRow,
  SYSTEM_ID_CONSTRAINT,
  updateSmppPassword,
  updateSmppTerms,
} from "../../records/smpp-accounts/smpp-account-store.ts";
import { hashPassword } from "../../records/users/password.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { type FieldProblem, fieldRefusal, refuseProblems } from "../form-refusal.ts";

const NETWORKS_MAX = 50;
/** Letters and digits that nobody takes for one another: 47 bits in eight of them. */
const LEGIBLE = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const SUGGESTED_CHARACTERS = 9;
const SUGGESTED_DIGITS = 1_000;

type Keeper = Pick<App, "db" | "services">;
type Owner = Pick<Service, "id" | "isTrial">;

export interface NewSmppAccountForm {
  systemId: string;
  kind: KeyKind;
  terms: SmppTerms;
}

export interface MadeSmppAccount {
  id: string;
  systemId: string;
  /** Which nobody can read again. */
  password: string;
}

/** Refuses a live account while the service is in trial, and a system id that somebody has. */
export async function createSmppAccount(
  app: Keeper,
  actor: Actor,
  { service, form }: { service: Owner; form: NewSmppAccountForm },
): Promise<MadeSmppAccount> {
  if (form.kind === "live" && service.isTrial)
    throw fieldRefusal("kind", "live-key-in-trial", "A service in trial mode cannot have a live account");
  const systemId = checkSystemId(form.systemId);
  const terms = checkTerms(form.terms);
  const id = newId();
  const password = newSmppPassword();
  const passwordHash = await hashPassword(password);
  const row = { ...terms, id, systemId, passwordHash, kind: form.kind, serviceId: service.id, createdBy: actor.userId };
  await change(app, service.id, async (tx) => {
    await insertSmppAccount(tx, row);
    const after = { kind: form.kind, ...terms };
    await recordDeed(tx, actor, { serviceId: service.id, action: "smpp-account.created", subject: systemId, after });
  });
  return { id, systemId, password };
}

/** What it may do from now on; systems that are bound need not bind again. */
export async function setSmppTerms(
  app: Keeper,
  actor: Actor,
  wish: { serviceId: string; id: string; terms: SmppTerms },
): Promise<void> {
  const { serviceId, id } = wish;
  const terms = checkTerms(wish.terms);
  const account = await getInUse(app, serviceId, id);
  await change(app, serviceId, async (tx) => {
    await updateSmppTerms(tx, id, terms);
    const entry = { before: { ...termsOf(account) }, after: { ...terms } };
    await recordDeed(tx, actor, { serviceId, action: "smpp-account.changed", subject: account.systemId, ...entry });
  });
}

/** Another password at once; systems that are bound stay so until they bind again. */
export async function replaceSmppPassword(
  app: Keeper,
  actor: Actor,
  { serviceId, id }: { serviceId: string; id: string },
): Promise<MadeSmppAccount> {
  const { systemId } = await getInUse(app, serviceId, id);
  const password = newSmppPassword();
  const passwordHash = await hashPassword(password);
  await change(app, serviceId, async (tx) => {
    await updateSmppPassword(tx, id, passwordHash);
    await recordDeed(tx, actor, { serviceId, action: "smpp-account.password-replaced", subject: systemId });
  });
  return { id, systemId, password };
}

/** Nobody can bind with it from now on, and who is bound is unbound; a second time changes nothing. */
export async function revokeSmppAccount(
  app: Keeper,
  actor: Actor,
  { serviceId, id }: { serviceId: string; id: string },
): Promise<void> {
  const account = await findSmppAccount(app.db, serviceId, id);
  if (!account) throw new Refusal("not-found", "There is no such SMPP account");
  if (account.revokedAt) return;
  await change(app, serviceId, async (tx) => {
    await revokeRow(tx, id);
    await recordDeed(tx, actor, { serviceId, action: "smpp-account.revoked", subject: account.systemId });
  });
}

export async function getInUse(app: Pick<App, "db">, serviceId: string, id: string): Promise<ListedSmppAccount> {
  const account = await findSmppAccount(app.db, serviceId, id);
  if (!account || account.revokedAt) throw new Refusal("not-found", "There is no such SMPP account in use");
  return account;
}

/** suggestSystemId("Northwold Libraries") → "northwold-417" */
export function suggestSystemId(serviceName: string): string {
  const plain = serviceName.toLowerCase().replace(/[^a-z0-9]/g, "");
  const number = String(randomInt(SUGGESTED_DIGITS)).padStart(3, "0");
  return `${plain.slice(0, SUGGESTED_CHARACTERS) || "system"}-${number}`;
}

export function newSmppPassword(): string {
  const characters = Array.from({ length: SMPP_PASSWORD_CHARACTERS }, () => LEGIBLE.charAt(randomInt(LEGIBLE.length)));
  return characters.join("");
}

function termsOf(account: ListedSmppAccount): SmppTerms {
  const { allowedNetworks, bindsMax, windowMax, ratePerSecond, takesReplies, defaultAlphabet } = account;
  return { allowedNetworks, bindsMax, windowMax, ratePerSecond, takesReplies, defaultAlphabet };
}

async function change(app: Keeper, serviceId: string, work: (tx: Tx) => Promise<void>): Promise<void> {
  try {
    await app.db.transaction(work);
  } catch (error) {
    if (violatedUniqueConstraint(error) !== SYSTEM_ID_CONSTRAINT) throw error;
    throw fieldRefusal("systemId", "system-id-taken", "This system ID is in use; choose another");
  }
  app.services.forget(serviceId);
}

function checkSystemId(text: string): string {
  const systemId = text.trim();
  if (isSystemId(systemId)) return systemId;
  const message =
    "A system ID has 3 to 15 small letters, digits, hyphens and underscores, and begins with one of the first two";
  throw fieldRefusal("systemId", "system-id-wrong", message);
}

function checkTerms(terms: SmppTerms): SmppTerms {
  const typed = terms.allowedNetworks.map((text) => text.trim()).filter(Boolean);
  const networks = typed.map(parseNetwork);
  const problems = [
    ...typed
      .filter((_, index) => networks[index] === undefined)
      .map((text) => networkProblem(`${text} is not an address or a network such as 192.0.2.0/24`, "network-wrong")),
    ...(typed.length > NETWORKS_MAX
      ? [networkProblem(`Enter ${NETWORKS_MAX} networks or fewer`, "networks-too-many")]
      : []),
    ...numberProblem("bindsMax", terms),
    ...numberProblem("windowMax", terms),
    ...numberProblem("ratePerSecond", terms),
  ];
  refuseProblems(problems);
  return { ...terms, allowedNetworks: networks.flatMap((network) => network ?? []) };
}

function networkProblem(message: string, problem: string): FieldProblem {
  return { field: "allowedNetworks", problem, message };
}

function numberProblem(field: keyof typeof SMPP_LIMITS, terms: SmppTerms): FieldProblem[] {
  const [number, max] = [terms[field], SMPP_LIMITS[field]];
  if (Number.isInteger(number) && number >= 1 && number <= max) return [];
  return [{ field, problem: `smpp-${field}-wrong`, message: `Enter a number from 1 to ${max}` }];
}
