/** Authenticator apps: time-based one-time passwords (RFC 6238), six digits every 30 seconds. */
import { Secret, TOTP } from "otpauth";
import QRCode from "qrcode";
import { open, seal } from "../../platform/sealing.ts";
import { platformKey } from "../../records/providers/provider-store.ts";
import { findAppFactor, putAppFactor, sealedAppSecret, useTimeStep } from "../../records/sign-in/factor-store.ts";
import { giveBackTry, reserveTry } from "../../records/users/account-store.ts";
import type { Actor } from "../actor.ts";
import { fieldRefusal } from "../form-refusal.ts";
import { recordFactor } from "./factors.ts";
import { getUser } from "./own-account.ts";
import type { People } from "./people.ts";
import { type FactorAnswer, tryFactor } from "./sign-in.ts";

const ISSUER = "Pennypost";
const PERIOD_SECONDS = 30;
const DIGITS = 6;
const SECRET_BYTES = 20;
/** Clocks may differ by one step either way (RFC 6238 §5.2). */
const WINDOW_STEPS = 1;

export interface NewApp {
  /** For who types it in: base32. */
  secret: string;
  uri: string;
  /** The uri as a picture, dark on white: an SVG element. */
  qrCode: string;
  /** To be given back with the code: nothing is kept before it is shown to work. */
  sealedSecret: string;
}

export function beginApp(people: People, actor: Actor): Promise<NewApp> {
  return newApp(people, actor, new Secret({ size: SECRET_BYTES }));
}

/** The same app again, for who has scanned it and mistyped its code. Field: `code`, when it was never shown to this user. */
export function showAppAgain(people: People, actor: Actor, sealedSecret: string): Promise<NewApp> {
  return newApp(people, actor, secretIn(people, actor.userId, Buffer.from(sealedSecret, "base64url")));
}

async function newApp(people: People, { userId }: Actor, secret: Secret): Promise<NewApp> {
  const user = await getUser(people, userId);
  const uri = totpOf(secret, user.emailAddress).toString();
  return {
    secret: secret.base32,
    uri,
    qrCode: await QRCode.toString(uri, { type: "svg", margin: 2 }),
    sealedSecret: seal(sealOf(people, userId), secret.base32).toString("base64url"),
  };
}

/** An app that was there before gives way to the new one. Field: `code`; a wrong one counts towards the lock. */
export async function confirmApp(
  people: People,
  actor: Actor,
  { sealedSecret, code }: { sealedSecret: string; code: string },
): Promise<void> {
  const { userId } = actor;
  const sealed = Buffer.from(sealedSecret, "base64url");
  const timeStep = timeStepOf(people, secretIn(people, userId, sealed), code);
  const wrong = fieldRefusal("code", "code-wrong", "The code is not the one the app shows now");
  if (!(await reserveTry(people.db, userId)) || timeStep === undefined) throw wrong;
  await people.db.transaction(async (tx) => {
    await putAppFactor(tx, { userId, sealedSecret: sealed, timeStep, now: people.clock.now() });
    await recordFactor(tx, actor, { action: "factor.added", kind: "app" });
  });
  await giveBackTry(people.db, userId);
}

/** Each code signs in once, and none that is older than one that did. */
export async function finishWithApp(
  people: People,
  { userId, code, ip }: { userId: string; code: string; ip: string },
): Promise<FactorAnswer> {
  return tryFactor(people, { userId, ip, by: "app" }, async (tx) => {
    const factor = await findAppFactor(tx, userId);
    if (!factor) return "wrong";
    const timeStep = timeStepOf(people, secretIn(people, userId, factor.sealedSecret), code);
    return timeStep !== undefined && (await useTimeStep(tx, userId, timeStep)) ? "right" : "wrong";
  });
}

function totpOf(secret: Secret, label = ""): TOTP {
  return new TOTP({ issuer: ISSUER, label, secret, algorithm: "SHA1", digits: DIGITS, period: PERIOD_SECONDS });
}

function timeStepOf({ clock }: Pick<People, "clock">, secret: Secret, code: string): number | undefined {
  const timestamp = clock.now().getTime();
  const token = code.replace(/\s/g, "");
  const totp = totpOf(secret);
  const delta = /^\d+$/.test(token) ? totp.validate({ token, timestamp, window: WINDOW_STEPS }) : null;
  return delta === null ? undefined : totp.counter({ timestamp }) + delta;
}

function secretIn(people: Pick<People, "keys">, userId: string, sealed: Buffer): Secret {
  try {
    return Secret.fromBase32(open(sealOf(people, userId), sealed).toString());
  } catch {
    throw fieldRefusal("code", "app-unknown", "Begin again: this is not the picture we showed you last");
  }
}

function sealOf({ keys }: Pick<People, "keys">, userId: string) {
  return { key: platformKey(keys.master), belongsTo: sealedAppSecret(userId) };
}
