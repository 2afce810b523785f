/** The password as proof that whoever is at the keyboard is the one who signed in. */

import { Refusal } from "../../core/refusal.ts";
import { giveBackTry, reserveTry } from "../../records/users/account-store.ts";
import { hashPassword, verifyPassword } from "../../records/users/password.ts";
import { findUser, type User } from "../../records/users/user-store.ts";
import { fieldRefusal } from "../form-refusal.ts";
import type { People } from "./people.ts";
import { newToken } from "./secrets.ts";
import { refuseIfThrottled } from "./throttle.ts";

const decoy: { hash: Promise<string> | undefined } = { hash: undefined };

/** As much work for an account that has no password, or is none, as for any other: time does not tell which there are. */
export async function isPasswordOf(user: Pick<User, "passwordHash"> | undefined, password: string): Promise<boolean> {
  decoy.hash ??= hashPassword(newToken());
  const isRight = await verifyPassword(user?.passwordHash ?? (await decoy.hash), password);
  return isRight && user?.passwordHash !== undefined;
}

/** The user, if this is their password. A wrong one counts towards the lock as at sign-in. Field: `field`. */
export async function getUserByPassword(
  people: People,
  { userId, password, field = "password" }: { userId: string; password: string; field?: string },
): Promise<User> {
  await refuseIfThrottled(people, "password-check", userId);
  const user = await findUser(people.db, userId);
  if (!user) throw new Refusal("not-found", "There is no such user");
  const wrong = fieldRefusal(field, "password-wrong", "The password is not the one of your account");
  if (!(await reserveTry(people.db, userId))) throw wrong;
  if (!(await isPasswordOf(user, password))) throw wrong;
  await giveBackTry(people.db, userId);
  return user;
}
