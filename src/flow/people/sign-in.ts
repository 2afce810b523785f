/**
 * Signing in: the password, then one of the second factors the user has. Who fails is told no more than that it was wrong, and takes as
 * long as anybody; ten failures lock the account until its password is set anew.
 */
import { parseEmailAddress } from "../../core/email/parse-email-address.ts";
import type { Tx } from "../../platform/db.ts";
import { type FactorKind, listFactors } from "../../records/sign-in/factor-store.ts";
import { useUpCodes } from "../../records/sign-in/one-time-code-store.ts";
import { giveBackTry, noteSignedIn, reserveTry } from "../../records/users/account-store.ts";
import { findUserByEmail, type User } from "../../records/users/user-store.ts";
import { recordDeed } from "../actor.ts";
import { isPasswordOf } from "./own-password.ts";
import type { People } from "./people.ts";
import { refuseIfThrottled } from "./throttle.ts";

export type SignInStart =
  | { kind: "signed-in"; userId: string }
  /** The page keeps who it is in a session of the stage `password-given`. */
  | { kind: "second-factor"; userId: string; factors: readonly FactorKind[] }
  /** Unknown, wrong, locked, without a password: nobody is told which. */
  | { kind: "refused" };

/** The password step. Refuses `rate-limited`, with the seconds to wait, who tries too often from one address or for one account. */
export async function beginSignIn(
  people: People,
  { emailAddress, password, ip }: { emailAddress: string; password: string; ip: string },
): Promise<SignInStart> {
  await refuseIfThrottled(people, "sign-in-address", ip);
  await refuseIfThrottled(people, "sign-in-account", emailAddress.trim());
  const user = await findUserOfAddress(people, emailAddress);
  const mayTry = user !== undefined && (await reserveTry(people.db, user.id));
  const isRight = await isPasswordOf(user, password);
  if (!user) return { kind: "refused" };
  if (!mayTry || !isRight) return refuse(people, user, ip);
  await giveBackTry(people.db, user.id);
  const factors = await listFactors(people.db, user.id);
  if (factors.length > 0) return { kind: "second-factor", userId: user.id, factors };
  await people.db.transaction((tx) => signIn(people, tx, { userId: user.id, ip, by: "password" }));
  return { kind: "signed-in", userId: user.id };
}

/** The one with the address; nobody has what is none. */
export async function findUserOfAddress({ db }: Pick<People, "db">, text: string): Promise<User | undefined> {
  const address = parseEmailAddress(text);
  return typeof address === "object" ? findUserByEmail(db, address.asSubmitted) : undefined;
}

async function refuse(people: People, user: User, ip: string): Promise<SignInStart> {
  await people.db.transaction((tx) => recordFailure(tx, { userId: user.id, ip, by: "password" }));
  return { kind: "refused" };
}

export type FactorAnswer =
  | { kind: "signed-in"; userId: string }
  | { kind: "wrong" }
  /** It was right, and came too late: a new one helps. */
  | { kind: "expired" }
  /** Ten failures: only a new password helps. */
  | { kind: "locked" };

export type Verdict = "right" | "wrong" | "expired";

export interface FactorTry {
  userId: string;
  ip: string;
  by: FactorKind;
}

/** Judges a second factor; a wrong one counts towards the lock. `check` uses it up in the transaction that signs in. */
export async function tryFactor(
  people: People,
  attempt: FactorTry,
  check: (tx: Tx) => Promise<Verdict>,
): Promise<FactorAnswer> {
  await refuseIfThrottled(people, "second-factor", attempt.userId);
  if (!(await reserveTry(people.db, attempt.userId))) return { kind: "locked" };
  const verdict = await people.db.transaction(async (tx) => {
    const judged = await check(tx);
    if (judged === "right") await signIn(people, tx, attempt);
    else await recordFailure(tx, attempt);
    return judged;
  });
  if (verdict === "right") return { kind: "signed-in", userId: attempt.userId };
  if (verdict === "expired") await giveBackTry(people.db, attempt.userId);
  return { kind: verdict };
}

interface Entry {
  userId: string;
  ip: string;
  by: FactorKind | "password" | "single-sign-on";
}

/** Failures are forgotten, and codes that were sent count no longer. The session is the page's to begin. */
export async function signIn(people: Pick<People, "clock">, tx: Tx, { userId, ip, by }: Entry): Promise<void> {
  const now = people.clock.now();
  await noteSignedIn(tx, userId, now);
  await useUpCodes(tx, userId, now);
  await recordDeed(tx, { userId, ip }, { action: "sign-in.succeeded", subject: `user ${userId}`, after: { by } });
}

/** Who tried is not known: the entry is about the account, by nobody. */
async function recordFailure(tx: Tx, { userId, ip, by }: Entry): Promise<void> {
  const actor = { userId: "somebody", ip };
  await recordDeed(tx, actor, { action: "sign-in.failed", subject: `user ${userId}`, after: { by } });
}
