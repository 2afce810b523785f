/** Passkeys (W3C Web Authentication Level 3) as a second factor: several for each user, each with a name. */
import type {
  AuthenticationResponseJSON,
  AuthenticatorTransport,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
  WebAuthnCredential,
} from "@simplewebauthn/server";
import { Refusal } from "../../core/refusal.ts";
import { violatedUniqueConstraint } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import {
  deletePasskey,
  insertPasskey,
  listPasskeys,
  notePasskeyUsed,
  type Passkey,
  putChallenge,
  renamePasskey,
  takeChallenge,
} from "../../records/sign-in/passkey-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import { fieldRefusal } from "../form-refusal.ts";
import { getUser } from "./own-account.ts";
import { getUserByPassword } from "./own-password.ts";
import type { People, Where } from "./people.ts";
import { type FactorAnswer, tryFactor } from "./sign-in.ts";

const NAME = "Pennypost";
const CHALLENGE_VALID_MS = 5 * 60_000;
const PASSKEY_NAME_MAX_CHARACTERS = 255;
const PASSKEYS_MAX = 20;

/** It reads certificates of every kind: loading it was a fifth of what a start of the web takes. Only for who uses a passkey. */
const webAuthn = () => import("@simplewebauthn/server");

/** Options for `navigator.credentials.create`, by `PublicKeyCredential.parseCreationOptionsFromJSON`. */
export async function beginPasskey(
  people: People,
  actor: Actor,
  where: Pick<Where, "origin">,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const user = await getUser(people, actor.userId);
  const known = await listPasskeys(people.db, user.id);
  if (known.length >= PASSKEYS_MAX)
    throw new Refusal("conflict", `Remove a passkey first: ${PASSKEYS_MAX} are the most`);
  const { generateRegistrationOptions } = await webAuthn();
  const options = await generateRegistrationOptions({
    rpName: NAME,
    rpID: relyingParty(people, where).id,
    userID: new Uint8Array(Buffer.from(user.id)),
    userName: user.emailAddress,
    userDisplayName: user.name,
    attestationType: "none",
    excludeCredentials: known.map(descriptorOf),
    authenticatorSelection: { residentKey: "preferred", userVerification: "preferred" },
  });
  await remember(people, { userId: user.id, purpose: "register", challenge: options.challenge });
  return options;
}

/** Keeps the passkey that the browser made. Fields: `name`, `passkey`. */
export async function addPasskey(
  people: People,
  actor: Actor,
  { name, response, origin }: { name: string; response: RegistrationResponseJSON; origin: string },
): Promise<void> {
  const checkedName = checkName(name);
  const credential = await verifiedCredential(people, actor.userId, { response, origin });
  if (!credential) throw notWorking();
  const passkey = {
    id: newId(),
    userId: actor.userId,
    name: checkedName,
    credentialId: credential.id,
    publicKey: Buffer.from(credential.publicKey),
    signCount: credential.counter,
    transports: credential.transports ?? [],
    createdAt: people.clock.now(),
  };
  try {
    await people.db.transaction(async (tx) => {
      await insertPasskey(tx, passkey);
      await recordDeed(tx, actor, {
        action: "passkey.added",
        subject: `user ${actor.userId}`,
        after: { id: passkey.id },
      });
    });
  } catch (error) {
    throw violatedUniqueConstraint(error) ? notWorking() : error;
  }
}

async function verifiedCredential(
  people: People,
  userId: string,
  { response, origin }: { response: RegistrationResponseJSON; origin: string },
): Promise<WebAuthnCredential | undefined> {
  const expectedChallenge = await takeChallenge(people.db, { userId, purpose: "register", now: people.clock.now() });
  if (expectedChallenge === undefined) return undefined;
  const party = relyingParty(people, { origin });
  const { verifyRegistrationResponse } = await webAuthn();
  const expected = { expectedChallenge, expectedOrigin: party.origin, expectedRPID: party.id };
  try {
    const answer = await verifyRegistrationResponse({ response, ...expected, requireUserVerification: false });
    return answer.verified ? answer.registrationInfo.credential : undefined;
  } catch {
    return undefined; // What the browser sent is not what was asked for; the library says so by throwing.
  }
}

/** Options for `navigator.credentials.get`, for who has given the password. */
export async function beginPasskeySignIn(
  people: People,
  userId: string,
  where: Pick<Where, "origin">,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const known = await listPasskeys(people.db, userId);
  const { generateAuthenticationOptions } = await webAuthn();
  const options = await generateAuthenticationOptions({
    rpID: relyingParty(people, where).id,
    allowCredentials: known.map(descriptorOf),
    userVerification: "preferred",
  });
  await remember(people, { userId, purpose: "sign-in", challenge: options.challenge });
  return options;
}

export async function finishWithPasskey(
  people: People,
  attempt: { userId: string; response: AuthenticationResponseJSON; ip: string; origin: string },
): Promise<FactorAnswer> {
  const { userId, response, ip } = attempt;
  const now = people.clock.now();
  const challenge = await takeChallenge(people.db, { userId, purpose: "sign-in", now });
  return tryFactor(people, { userId, ip, by: "passkey" }, async (tx) => {
    const passkey = (await listPasskeys(tx, userId)).find(({ credentialId }) => credentialId === response.id);
    if (!passkey) return "wrong";
    if (challenge === undefined) return "expired";
    const signCount = await verifiedCount(people, passkey, { ...attempt, challenge });
    if (signCount === undefined) return "wrong";
    await notePasskeyUsed(tx, { id: passkey.id, signCount, now });
    return "right";
  });
}

async function verifiedCount(
  people: People,
  passkey: Passkey,
  { response, challenge, origin }: { response: AuthenticationResponseJSON; challenge: string; origin: string },
): Promise<number | undefined> {
  const party = relyingParty(people, { origin });
  const { id, transports } = descriptorOf(passkey);
  const { verifyAuthenticationResponse } = await webAuthn();
  try {
    const answer = await verifyAuthenticationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: false,
      credential: { id, transports, publicKey: new Uint8Array(passkey.publicKey), counter: passkey.signCount },
    });
    return answer.verified ? answer.authenticationInfo.newCounter : undefined;
  } catch {
    return undefined;
  }
}

/** Field: `name`. */
export async function changePasskeyName(
  people: People,
  actor: Actor,
  { id, name }: { id: string; name: string },
): Promise<void> {
  const key = { id, userId: actor.userId, name: checkName(name) };
  await people.db.transaction(async (tx) => {
    if (!(await renamePasskey(tx, key))) throw unknownPasskey();
    await recordDeed(tx, actor, { action: "passkey.renamed", subject: `user ${actor.userId}`, after: { id } });
  });
}

/** Field: `password`. */
export async function removePasskey(
  people: People,
  actor: Actor,
  { id, password }: { id: string; password: string },
): Promise<void> {
  await getUserByPassword(people, { userId: actor.userId, password });
  await people.db.transaction(async (tx) => {
    if (!(await deletePasskey(tx, { id, userId: actor.userId }))) throw unknownPasskey();
    await recordDeed(tx, actor, { action: "passkey.removed", subject: `user ${actor.userId}`, before: { id } });
  });
}

/** Passkeys belong to a host name: that of the configured origin, else of the page. */
function relyingParty({ origins }: Pick<People, "origins">, where: Pick<Where, "origin">) {
  const origin = origins.admin ?? where.origin;
  return { origin, id: new URL(origin).hostname };
}

function descriptorOf({ credentialId, transports }: Passkey) {
  return { id: credentialId, transports: [...transports] as AuthenticatorTransport[] };
}

function remember(
  people: People,
  asked: { userId: string; purpose: "register" | "sign-in"; challenge: string },
): Promise<void> {
  const expiresAt = new Date(people.clock.now().getTime() + CHALLENGE_VALID_MS);
  return putChallenge(people.db, { ...asked, expiresAt });
}

function checkName(name: string): string {
  const trimmed = name.trim();
  if (trimmed === "") throw fieldRefusal("name", "name-missing", "Enter a name for the passkey");
  if (trimmed.length <= PASSKEY_NAME_MAX_CHARACTERS) return trimmed;
  throw fieldRefusal("name", "name-long", `Name must be ${PASSKEY_NAME_MAX_CHARACTERS} characters or fewer`);
}

function notWorking(): Refusal {
  return fieldRefusal("passkey", "passkey-refused", "The passkey was not taken: try again");
}

function unknownPasskey(): Refusal {
  return new Refusal("not-found", "You have no such passkey");
}
