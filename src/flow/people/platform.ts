/** What platform administrators alone do: to services, and for people who are locked out. */
import { Refusal } from "../../core/refusal.ts";
import type { Tx } from "../../platform/db.ts";
import {
  getRegistrationRule,
  type RegistrationRule,
  type SingleSignOn,
  setRegistrationRule,
  setSingleSignOn,
} from "../../records/deployment/people-settings.ts";
import { type Found, findById, searchByName } from "../../records/platform-search/platform-search-store.ts";
import {
  findLimits,
  type Limits,
  setLive,
  setOrganisation,
  setSuspended,
  updateLimits,
} from "../../records/services/service-life-store.ts";
import { NEW_SERVICE } from "../../records/services/service-settings-store.ts";
import { revokeSessions } from "../../records/sessions/session-store.ts";
import { deleteSecondFactors } from "../../records/sign-in/factor-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import { type FieldProblem, fieldRefusal, refuseProblems } from "../form-refusal.ts";
import { checkDomains } from "./domains.ts";
import { getOrganisation } from "./organisations.ts";
import { getUser } from "./own-account.ts";
import type { People } from "./people.ts";
import { serviceDeed, TRIAL_DAILY_LIMIT } from "./services.ts";
import { getLockedService } from "./team.ts";

const LIMIT_MAX = 2_000_000_000;
const SEARCH_MIN_CHARACTERS = 2;
const LOOPBACK = new Set(["127.0.0.1", "[::1]", "localhost"]);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

type Keeper = Pick<People, "db" | "services">;

/** Fields: the names of the limits. */
export async function changeLimits(
  people: Keeper,
  actor: Actor,
  { serviceId, limits }: { serviceId: string; limits: Limits },
): Promise<void> {
  refuseProblems(limitProblems(limits));
  await people.db.transaction(async (tx) => {
    await getLockedService(tx, serviceId);
    const before = await findLimits(tx, serviceId);
    await updateLimits(tx, serviceId, limits);
    const change = { before: { ...before }, after: { ...limits } };
    await recordDeed(tx, actor, { ...serviceDeed("service.limits-changed", serviceId), ...change });
  });
  people.services.forget(serviceId);
}

function limitProblems(limits: Limits): FieldProblem[] {
  const isLimit = (limit: number) => Number.isInteger(limit) && limit >= 0 && limit <= LIMIT_MAX;
  const wrong = Object.entries(limits).filter(([, limit]) => !isLimit(limit));
  return wrong.map(([field]) => ({ field, problem: "limit-invalid", message: "Enter a whole number, such as 1000" }));
}

export async function makeLive(people: Keeper, actor: Actor, serviceId: string): Promise<void> {
  await people.db.transaction((tx) => setServiceLive(tx, actor, { serviceId, isLive: true }));
  people.services.forget(serviceId);
}

export async function makeTrial(people: Keeper, actor: Actor, serviceId: string): Promise<void> {
  await people.db.transaction((tx) => setServiceLive(tx, actor, { serviceId, isLive: false }));
  people.services.forget(serviceId);
}

/** Limits that are still those of the one mode become those of the other; what was set by hand stays. */
export async function setServiceLive(
  tx: Tx,
  actor: Actor,
  { serviceId, isLive }: { serviceId: string; isLive: boolean },
): Promise<void> {
  const service = await getLockedService(tx, serviceId);
  if (service.isTrial !== isLive) return;
  await setLive(tx, serviceId, isLive);
  const before = await findLimits(tx, serviceId);
  if (before) await updateLimits(tx, serviceId, isLive ? limitsOfLive(before) : limitsOfTrial(before));
  await recordDeed(tx, actor, serviceDeed(isLive ? "service.made-live" : "service.made-trial", serviceId));
}

function limitsOfLive(limits: Limits): Limits {
  const { dailyLimitSms, dailyLimitEmail } = limits;
  return {
    ...limits,
    dailyLimitSms: dailyLimitSms === TRIAL_DAILY_LIMIT ? NEW_SERVICE.dailyLimitSms : dailyLimitSms,
    dailyLimitEmail: dailyLimitEmail === TRIAL_DAILY_LIMIT ? NEW_SERVICE.dailyLimitEmail : dailyLimitEmail,
  };
}

function limitsOfTrial(limits: Limits): Limits {
  return {
    ...limits,
    dailyLimitSms: Math.min(limits.dailyLimitSms, TRIAL_DAILY_LIMIT),
    dailyLimitEmail: Math.min(limits.dailyLimitEmail, TRIAL_DAILY_LIMIT),
  };
}

/** It sends nothing until it is resumed; what was accepted before goes out. */
export async function suspendService(people: People, actor: Actor, serviceId: string): Promise<void> {
  await changeSuspension(people, actor, { serviceId, suspendedAt: people.clock.now() });
}

export async function resumeService(people: People, actor: Actor, serviceId: string): Promise<void> {
  await changeSuspension(people, actor, { serviceId, suspendedAt: undefined });
}

async function changeSuspension(
  people: People,
  actor: Actor,
  { serviceId, suspendedAt }: { serviceId: string; suspendedAt: Date | undefined },
): Promise<void> {
  await people.db.transaction(async (tx) => {
    const service = await getLockedService(tx, serviceId);
    if ((service.suspendedAt === undefined) === (suspendedAt === undefined)) return;
    await setSuspended(tx, serviceId, suspendedAt);
    await recordDeed(tx, actor, serviceDeed(suspendedAt ? "service.suspended" : "service.resumed", serviceId));
  });
  people.services.forget(serviceId);
}

/** Gives a service to an organisation, or takes it from one. */
export async function linkToOrganisation(
  people: Keeper,
  actor: Actor,
  { serviceId, organisationId }: { serviceId: string; organisationId: string | undefined },
): Promise<void> {
  if (organisationId) await getOrganisation(people, organisationId);
  await people.db.transaction(async (tx) => {
    const service = await getLockedService(tx, serviceId);
    await setOrganisation(tx, serviceId, organisationId);
    const change = { before: { organisationId: service.organisationId }, after: { organisationId } };
    await recordDeed(tx, actor, { ...serviceDeed("service.organisation-changed", serviceId), ...change });
  });
  people.services.forget(serviceId);
}

/** Anything by its id; users, services and organisations by a part of a name or address. */
export function findAnything(people: Pick<People, "db">, text: string): Promise<Found[]> {
  const wanted = text.trim();
  if (UUID.test(wanted)) return findById(people.db, wanted.toLowerCase());
  return wanted.length < SEARCH_MIN_CHARACTERS ? Promise.resolve([]) : searchByName(people.db, wanted);
}

/** For who has lost every second factor: the password alone signs in, and they add a new one. Their sessions end. */
export async function removeSecondFactors(people: People, actor: Actor, userId: string): Promise<void> {
  if (actor.userId === userId) throw new Refusal("not-authorised", "Ask another administrator to do this for you");
  await getUser(people, userId);
  await people.db.transaction(async (tx) => {
    await deleteSecondFactors(tx, userId);
    await revokeSessions(tx, { userId, now: people.clock.now() });
    await recordDeed(tx, actor, { action: "factors.removed", subject: `user ${userId}` });
  });
}

/** Who may make an account. Field: `domains`. */
export async function changeRegistrationRule(
  people: Pick<People, "db">,
  actor: Actor,
  wanted: RegistrationRule,
): Promise<void> {
  const rule = wanted.kind === "domains" ? { ...wanted, domains: checkAnyDomains(wanted.domains, "domains") } : wanted;
  await people.db.transaction(async (tx) => {
    const before = { ...(await getRegistrationRule(tx)) };
    await setRegistrationRule(tx, rule);
    await recordDeed(tx, actor, {
      action: "deployment.registration-changed",
      subject: "registration",
      before,
      after: { ...rule },
    });
  });
}

/** The organisation's own sign-in; undefined takes it away. Fields: `issuer`, `clientId`, `clientSecret`, `allowedDomains`. */
export async function changeSingleSignOn(
  people: Pick<People, "db" | "keys">,
  actor: Actor,
  form: SingleSignOn | undefined,
): Promise<void> {
  const wanted = form && checkSingleSignOn(form);
  await people.db.transaction(async (tx) => {
    await setSingleSignOn(tx, people.keys.master, wanted);
    const after = wanted && { issuer: wanted.issuer, clientId: wanted.clientId, allowedDomains: wanted.allowedDomains };
    await recordDeed(tx, actor, { action: "deployment.single-sign-on-changed", subject: "single sign-on", after });
  });
}

function checkSingleSignOn({ issuer, clientId, clientSecret, allowedDomains }: SingleSignOn): SingleSignOn {
  const checks: [isRight: boolean, problem: FieldProblem][] = [
    [isIssuer(issuer.trim()), fieldProblem("issuer", "Enter the issuer’s address, beginning with https://")],
    [clientId.trim() !== "", fieldProblem("clientId", "Enter the client ID that the provider gave you")],
    [clientSecret !== "", fieldProblem("clientSecret", "Enter the client secret that the provider gave you")],
  ];
  refuseProblems(checks.filter(([isRight]) => !isRight).map(([, problem]) => problem));
  const domains = checkAnyDomains(allowedDomains, "allowedDomains");
  return { issuer: issuer.trim(), clientId: clientId.trim(), clientSecret, allowedDomains: domains };
}

function fieldProblem(field: string, message: string): FieldProblem {
  return { field, problem: `${field}-invalid`, message };
}

/** OpenID Connect Discovery 1.0 §3: an https URL without query or fragment. On this machine plain http will do. */
function isIssuer(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, search, hash } = new URL(text);
  const isSafe = protocol === "https:" || (protocol === "http:" && LOOPBACK.has(hostname));
  return isSafe && search === "" && hash === "";
}

function checkAnyDomains(domains: readonly string[], field: string): string[] {
  const checked = checkDomains(domains, field);
  if (checked.length === 0) throw fieldRefusal(field, "domains-none", "Enter at least one domain, such as example.org");
  return checked;
}
