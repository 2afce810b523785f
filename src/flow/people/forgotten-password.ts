/** A forgotten password: the same answer to everybody, and a link to who has an account. */

import { revokeSessions } from "../../records/sessions/session-store.ts";
import { findLink, useLink, useUpLinks } from "../../records/sign-in/account-link-store.ts";
import { updatePassword } from "../../records/users/account-store.ts";
import { hashPassword } from "../../records/users/password.ts";
import { findUser, type User } from "../../records/users/user-store.ts";
import { recordDeed } from "../actor.ts";
import { keepLink } from "./email-links.ts";
import { refuseWeakPassword } from "./password-strength.ts";
import { adminUrl, type People, type Where } from "./people.ts";
import { tokenHash } from "./secrets.ts";
import { findUserOfAddress } from "./sign-in.ts";
import { isWithinThrottle, refuseIfThrottled } from "./throttle.ts";

export const PASSWORD_LINK_VALID_MS = 60 * 60_000;

/** Resolves in the same way, and as soon, whether there is such an account or not. The link is `/new-password/<token>`. */
export async function askForNewPassword(people: People, emailAddress: string, where: Where): Promise<void> {
  await refuseIfThrottled(people, "forgotten-address", where.ip);
  people.post.later(async () => {
    if (!(await isWithinThrottle(people, "forgotten-account", emailAddress.trim()))) return;
    const user = await findUserOfAddress(people, emailAddress);
    if (user) await sendPasswordLink(people, user, where);
  });
}

async function sendPasswordLink(people: People, user: User, where: Where): Promise<void> {
  const token = await keepLink(people, { userId: user.id, purpose: "password", validForMs: PASSWORD_LINK_VALID_MS });
  await people.post.send({
    kind: "password-link",
    to: user.emailAddress,
    values: { name: user.name, link: adminUrl(people, where, `/new-password/${token}`) },
    validForMs: PASSWORD_LINK_VALID_MS,
  });
}

export type NewPasswordAnswer =
  /** The account is unlocked and signed out everywhere; a second factor is still asked for at sign-in. */
  | { kind: "changed"; userId: string }
  | { kind: "expired" }
  /** Used, outdated by a change of the password, or never ours. */
  | { kind: "used" };

/** Sets the password that a link lets set. Field: `password`. */
export async function setForgottenPassword(
  people: People,
  { token, password }: { token: string; password: string },
  where: Where,
): Promise<NewPasswordAnswer> {
  const link = await findLink(people.db, tokenHash(token), "password");
  if (!link || link.usedAt || link.isOutdated) return { kind: "used" };
  if (link.expiresAt <= people.clock.now()) return { kind: "expired" };
  const user = await findUser(people.db, link.userId);
  if (!user) return { kind: "used" };
  await refuseWeakPassword(password, [user.name, user.emailAddress]);
  const passwordHash = await hashPassword(password);
  const now = people.clock.now();
  const isChanged = await people.db.transaction(async (tx) => {
    if (!(await useLink(tx, link.tokenHash, now))) return false;
    await updatePassword(tx, { userId: user.id, passwordHash, now });
    await useUpLinks(tx, user.id, now);
    await revokeSessions(tx, { userId: user.id, now });
    await recordDeed(
      tx,
      { userId: user.id, ip: where.ip },
      { action: "user.password-reset", subject: `user ${user.id}` },
    );
    return true;
  });
  if (!isChanged) return { kind: "used" };
  await tellPasswordChanged(people, user, where);
  return { kind: "changed", userId: user.id };
}

export async function tellPasswordChanged(
  people: People,
  user: Pick<User, "name" | "emailAddress">,
  where: Pick<Where, "origin">,
): Promise<void> {
  const link = adminUrl(people, where, "/forgot-password");
  const values = { name: user.name, "forgotten password link": link };
  await people.post.send({ kind: "password-changed", to: user.emailAddress, values });
}
