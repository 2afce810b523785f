/** Second factors of one's own account: added once shown to work, removed with the password. */
import { Refusal } from "../../core/refusal.ts";
import {
  deleteFactor,
  type FactorKind,
  insertFactor,
  listFactors,
  type StoredFactorKind,
} from "../../records/sign-in/factor-store.ts";
import { listPasskeys, type Passkey } from "../../records/sign-in/passkey-store.ts";
import { countRecoveryCodes } from "../../records/sign-in/recovery-code-store.ts";
import { giveBackTry, reserveTry } from "../../records/users/account-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import { fieldRefusal } from "../form-refusal.ts";
import { getUser } from "./own-account.ts";
import { getUserByPassword } from "./own-password.ts";
import type { People } from "./people.ts";
import { sendCode, takeCode } from "./text-codes.ts";

export interface AccountFactors {
  /** None: the password alone signs in, and the user should be asked to add one. */
  kinds: readonly FactorKind[];
  passkeys: readonly Passkey[];
  recoveryCodesLeft: number;
}

export async function accountFactors(people: Pick<People, "db">, userId: string): Promise<AccountFactors> {
  const [kinds, passkeys, recoveryCodesLeft] = await Promise.all([
    listFactors(people.db, userId),
    listPasskeys(people.db, userId),
    countRecoveryCodes(people.db, userId),
  ]);
  return { kinds, passkeys, recoveryCodesLeft };
}

/** Texts a code to the number of the account, to show that texts arrive there. */
export async function beginTextFactor(people: People, actor: Actor): Promise<void> {
  const user = await getUser(people, actor.userId);
  if (user.mobileNumber === undefined) throw new Refusal("conflict", "Add a mobile number to your account first");
  await sendCode(people, { userId: user.id, purpose: "mobile-number", to: user.mobileNumber });
}

/** Field: `code`; a wrong one counts towards the lock. */
export async function confirmTextFactor(people: People, actor: Actor, code: string): Promise<void> {
  const { userId } = actor;
  const user = await getUser(people, userId);
  const wrong = fieldRefusal("code", "code-wrong", "The code is not the one we sent last, or its time is over");
  if (!(await reserveTry(people.db, userId))) throw wrong;
  await people.db.transaction(async (tx) => {
    const taken = await takeCode(people, tx, { userId, code, purpose: "mobile-number" });
    if (taken.verdict !== "right" || taken.mobileNumber !== user.mobileNumber) throw wrong;
    await insertFactor(tx, { userId, kind: "text", now: people.clock.now() });
    await recordFactor(tx, actor, { action: "factor.added", kind: "text" });
  });
  await giveBackTry(people.db, userId);
}

/** The mailbox was shown to be the user's when the account was made, so nothing is left to show. */
export async function addEmailLinkFactor(people: People, actor: Actor): Promise<void> {
  await people.db.transaction(async (tx) => {
    await insertFactor(tx, { userId: actor.userId, kind: "email-link", now: people.clock.now() });
    await recordFactor(tx, actor, { action: "factor.added", kind: "email-link" });
  });
}

/** Also the last one: the account is then signed in to with the password alone. Field: `password`. */
export async function removeFactor(
  people: People,
  actor: Actor,
  { kind, password }: { kind: StoredFactorKind; password: string },
): Promise<void> {
  await getUserByPassword(people, { userId: actor.userId, password });
  await people.db.transaction(async (tx) => {
    if (!(await deleteFactor(tx, actor.userId, kind))) return;
    await recordFactor(tx, actor, { action: "factor.removed", kind });
  });
}

export function recordFactor(
  tx: Parameters<typeof recordDeed>[0],
  actor: Actor,
  { action, kind }: { action: string; kind: FactorKind },
): Promise<void> {
  return recordDeed(tx, actor, { action, subject: `user ${actor.userId}`, after: { kind } });
}
