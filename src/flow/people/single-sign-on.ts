/**
 * Signing in through the organisation's own provider: OpenID Connect Core 1.0, the authorization code flow with PKCE (RFC 7636), state and
 * nonce. Who comes back is known by issuer and subject; at the first time by an address that the provider has verified.
 */
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from "openid-client";
import { Refusal } from "../../core/refusal.ts";
import type { Tx } from "../../platform/db.ts";
import { errorFields } from "../../platform/log.ts";
import { open, seal } from "../../platform/sealing.ts";
import { findSingleSignOn, type SingleSignOn } from "../../records/deployment/people-settings.ts";
import { platformKey } from "../../records/providers/provider-store.ts";
import { findUserOfIdentity, type Identity, insertIdentity } from "../../records/sign-in/identity-store.ts";
import { findUserByEmail, parseUserEmail } from "../../records/users/user-store.ts";
import { recordDeed } from "../actor.ts";
import { personNameProblem } from "./names.ts";
import { adminUrl, type People, type Where } from "./people.ts";
import { insertNewUser, isOfDomain } from "./register.ts";
import { signIn } from "./sign-in.ts";

/** Where the provider sends people back to; to be registered there, after the origin of the admin web. */
export const SINGLE_SIGN_ON_PATH = "/sign-in/single-sign-on/callback";
const MEMORY_VALID_MS = 10 * 60_000;
const PROVIDER_TIMEOUT_SECONDS = 10;
const SCOPE = "openid email profile";
const LOOPBACK = new Set(["127.0.0.1", "[::1]", "localhost"]);

interface Memory {
  state: string;
  nonce: string;
  codeVerifier: string;
  expiresAtMs: number;
}

export interface SingleSignOnStart {
  /** Where the browser is sent. */
  url: string;
  /** For a short-lived cookie of this browser (HttpOnly, SameSite=Lax): it alone can finish what it began. Sealed. */
  memory: string;
}

export async function isSingleSignOnSetUp(people: Pick<People, "db" | "keys">): Promise<boolean> {
  return (await findSingleSignOn(people.db, people.keys.master)) !== undefined;
}

/** Refuses `not-found` while none is set up, `unavailable` while the provider is away. */
export async function beginSingleSignOn(people: People, where: Pick<Where, "origin">): Promise<SingleSignOnStart> {
  const provider = await discover(people, await getSettings(people));
  const codeVerifier = randomPKCECodeVerifier();
  const [state, nonce] = [randomState(), randomNonce()];
  const url = buildAuthorizationUrl(provider, {
    redirect_uri: adminUrl(people, where, SINGLE_SIGN_ON_PATH),
    scope: SCOPE,
    code_challenge: await calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: "S256",
    state,
    nonce,
  });
  const expiresAtMs = people.clock.now().getTime() + MEMORY_VALID_MS;
  const memory: Memory = { state, nonce, codeVerifier, expiresAtMs };
  return { url: url.href, memory: seal(sealOf(people), JSON.stringify(memory)).toString("base64url") };
}

export type SingleSignOnAnswer =
  | { kind: "signed-in"; userId: string }
  /** Begun elsewhere or too long ago, denied, or not as the protocol wants: begin again. */
  | { kind: "failed" }
  /** The provider knows them; this deployment does not let them in: another domain, or an address that is not verified. */
  | { kind: "not-allowed" };

/** `query`: what the provider sent the browser back with, as it stood behind the question mark. */
export async function finishSingleSignOn(
  people: People,
  { query, memory }: { query: string; memory: string },
  where: Where,
): Promise<SingleSignOnAnswer> {
  const settings = await getSettings(people);
  const remembered = readMemory(people, memory);
  if (!remembered) return { kind: "failed" };
  const person = await personBehind(people, { settings, remembered, query, where });
  if (!person) return { kind: "failed" };
  return people.db.transaction((tx) => enter(people, tx, { person, settings, ip: where.ip }));
}

async function getSettings(people: People): Promise<SingleSignOn> {
  const settings = await findSingleSignOn(people.db, people.keys.master);
  if (settings) return settings;
  throw new Refusal("not-found", "Single sign-on is not set up here");
}

/** Plain HTTP is for a provider on this very machine. */
async function discover(people: People, { issuer, clientId, clientSecret }: SingleSignOn): Promise<Configuration> {
  const url = new URL(issuer);
  const execute = LOOPBACK.has(url.hostname) ? [allowInsecureRequests] : [];
  try {
    return await discovery(url, clientId, clientSecret, undefined, { execute, timeout: PROVIDER_TIMEOUT_SECONDS });
  } catch (error) {
    people.log.warn("single-sign-on.unavailable", codeOf(error));
    throw new Refusal(
      "unavailable",
      "Your organisation’s sign-in does not answer: try again, or sign in with a password",
    );
  }
}

interface Person extends Identity {
  emailAddress: string | undefined;
  isEmailVerified: boolean;
  name: string | undefined;
}

interface Return {
  settings: SingleSignOn;
  remembered: Memory;
  query: string;
  where: Where;
}

/** Exchanges the code for who it is; undefined when anything about it is not as it must be. */
async function personBehind(
  people: People,
  { settings, remembered, query, where }: Return,
): Promise<Person | undefined> {
  const provider = await discover(people, settings);
  const url = new URL(adminUrl(people, where, SINGLE_SIGN_ON_PATH));
  url.search = query;
  try {
    const tokens = await authorizationCodeGrant(provider, url, {
      pkceCodeVerifier: remembered.codeVerifier,
      expectedState: remembered.state,
      expectedNonce: remembered.nonce,
      idTokenExpected: true,
    });
    const subject = tokens.claims()?.sub;
    if (subject === undefined) return undefined;
    const claims = await fetchUserInfo(provider, tokens.access_token, subject);
    return {
      issuer: provider.serverMetadata().issuer,
      subject,
      emailAddress: claims.email,
      isEmailVerified: claims.email_verified === true,
      name: claims.name,
    };
  } catch (error) {
    people.log.warn("single-sign-on.failed", codeOf(error));
    return undefined;
  }
}

interface Entering {
  person: Person;
  settings: SingleSignOn;
  ip: string;
}

async function enter(people: People, tx: Tx, { person, settings, ip }: Entering): Promise<SingleSignOnAnswer> {
  if (!isLetIn(person, settings)) return { kind: "not-allowed" };
  const known = await findUserOfIdentity(tx, person);
  const userId = known ?? (await linkUser(people, tx, { person, emailAddress: person.emailAddress, ip }));
  await signIn(people, tx, { userId, ip, by: "single-sign-on" });
  return { kind: "signed-in", userId };
}

/** Asked at every sign-in: a domain that is no longer allowed lets nobody in. */
function isLetIn(person: Person, { allowedDomains }: SingleSignOn): person is Person & { emailAddress: string } {
  const { emailAddress, isEmailVerified } = person;
  return emailAddress !== undefined && isEmailVerified && isOfDomain(emailAddress, allowedDomains);
}

async function linkUser(
  people: People,
  tx: Tx,
  { person, emailAddress, ip }: { person: Person; emailAddress: string; ip: string },
): Promise<string> {
  const address = parseUserEmail(emailAddress);
  const user = await findUserByEmail(tx, address);
  const newUser = {
    name: nameOf(person, address),
    emailAddress: address,
    mobileNumber: undefined,
    passwordHash: undefined,
  };
  const userId = user?.id ?? (await insertNewUser(tx, newUser, ip));
  await insertIdentity(tx, { ...person, userId, now: people.clock.now() });
  await recordDeed(tx, { userId, ip }, { action: "single-sign-on.linked", subject: `user ${userId}` });
  return userId;
}

/** As the provider has it, unless it would be no name here. */
function nameOf({ name = "" }: Person, address: string): string {
  return personNameProblem(name) ? address.slice(0, address.indexOf("@")) : name.trim();
}

function readMemory(people: People, memory: string): Memory | undefined {
  try {
    const remembered = JSON.parse(open(sealOf(people), Buffer.from(memory, "base64url")).toString()) as Memory;
    return remembered.expiresAtMs > people.clock.now().getTime() ? remembered : undefined;
  } catch {
    return undefined;
  }
}

function sealOf({ keys }: Pick<People, "keys">) {
  return { key: platformKey(keys.master), belongsTo: "single sign-on under way" };
}

/** What went wrong, without what the provider said of the person. */
function codeOf(error: unknown): Record<string, unknown> {
  const { message: _, ...fields } = errorFields(error);
  return fields;
}
