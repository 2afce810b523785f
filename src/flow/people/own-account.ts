/** What people change of their own account, each change with proof that it is theirs to make. */
import { parseEmailAddress } from "../../core/email/parse-email-address.ts";
import { Refusal } from "../../core/refusal.ts";
import { violatedUniqueConstraint } from "../../platform/db.ts";
import { revokeSessions } from "../../records/sessions/session-store.ts";
import { findLink, useLink, useUpLinks } from "../../records/sign-in/account-link-store.ts";
import { deleteFactor, listFactors } from "../../records/sign-in/factor-store.ts";
import {
  giveBackTry,
  reserveTry,
  updateEmailAddress,
  updateMobileNumber,
  updateName,
  updatePassword,
} from "../../records/users/account-store.ts";
import { hashPassword } from "../../records/users/password.ts";
import { findUser, findUserByEmail, parseUserMobile, type User } from "../../records/users/user-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import { fieldRefusal, refuseProblems } from "../form-refusal.ts";
import { keepLink } from "./email-links.ts";
import { tellPasswordChanged } from "./forgotten-password.ts";
import { personNameProblem } from "./names.ts";
import { getUserByPassword } from "./own-password.ts";
import { refuseWeakPassword } from "./password-strength.ts";
import { adminUrl, type People, type Where } from "./people.ts";
import { tokenHash } from "./secrets.ts";
import { sendCode, takeCode } from "./text-codes.ts";
import { isWithinThrottle } from "./throttle.ts";

const EMAIL_CHANGE_VALID_MS = 60 * 60_000;

/** The user an actor is. */
export async function getUser(people: Pick<People, "db">, userId: string): Promise<User> {
  const user = await findUser(people.db, userId);
  if (user) return user;
  throw new Refusal("not-found", "There is no such user");
}

/** Field: `name`. */
export async function changeName(people: People, actor: Actor, name: string): Promise<void> {
  const problem = personNameProblem(name);
  refuseProblems(problem ? [problem] : []);
  await people.db.transaction(async (tx) => {
    await updateName(tx, actor.userId, name.trim());
    await recordDeed(tx, actor, { action: "user.renamed", subject: `user ${actor.userId}` });
  });
}

/** Ends the user's other sessions; `keeps` is the id of the one at hand. Fields: `currentPassword`, `password`. */
export async function changePassword(
  people: People,
  actor: Actor,
  change: { currentPassword: string; password: string; keeps: Buffer; origin: string },
): Promise<void> {
  const { currentPassword, password, keeps } = change;
  const user = await getUserByPassword(people, {
    userId: actor.userId,
    password: currentPassword,
    field: "currentPassword",
  });
  await refuseWeakPassword(password, [user.name, user.emailAddress]);
  const passwordHash = await hashPassword(password);
  const now = people.clock.now();
  await people.db.transaction(async (tx) => {
    await updatePassword(tx, { userId: user.id, passwordHash, now });
    await useUpLinks(tx, user.id, now);
    await revokeSessions(tx, { userId: user.id, except: keeps, now });
    await recordDeed(tx, actor, { action: "user.password-changed", subject: `user ${user.id}` });
  });
  await tellPasswordChanged(people, user, change);
}

/**
 * Sends a link to the new mailbox (`/account/email/confirm/<token>`); nothing changes before it is used. An address that somebody has is
 * answered alike, and gets an email that says so. Fields: `emailAddress`, `password`.
 */
export async function beginEmailChange(
  people: People,
  actor: Actor,
  change: { emailAddress: string; password: string } & Where,
): Promise<void> {
  const address = parseEmailAddress(change.emailAddress);
  if (typeof address === "string")
    throw fieldRefusal("emailAddress", "email-invalid", "Enter an email address, such as name@example.org");
  const user = await getUserByPassword(people, { userId: actor.userId, password: change.password });
  if (!(await isWithinThrottle(people, "link-account", actor.userId))) return;
  const holder = await findUserByEmail(people.db, address.asSubmitted);
  if (holder && holder.id !== user.id) return tellInUse(people, holder, change);
  const wish = { userId: user.id, purpose: "email-address", validForMs: EMAIL_CHANGE_VALID_MS } as const;
  const token = await keepLink(people, { ...wish, emailAddress: address.asSubmitted });
  const link = adminUrl(people, change, `/account/email/confirm/${token}`);
  const values = { name: user.name, link };
  const validForMs = EMAIL_CHANGE_VALID_MS;
  await people.post.send({ kind: "email-address-link", to: address.asSubmitted, values, validForMs });
}

async function tellInUse(people: People, holder: User, where: Where): Promise<void> {
  const values = {
    name: holder.name,
    "sign-in link": adminUrl(people, where, "/sign-in"),
    "forgotten password link": adminUrl(people, where, "/forgot-password"),
  };
  await people.post.send({ kind: "already-registered", to: holder.emailAddress, values });
}

export type EmailChangeAnswer = "changed" | "expired" | "in-use";

/** Uses the link, by POST. The old mailbox is told. */
export async function confirmEmailChange(
  people: People,
  { token, ip }: { token: string; ip: string },
): Promise<EmailChangeAnswer> {
  const link = await findLink(people.db, tokenHash(token), "email-address");
  if (!link?.emailAddress || link.usedAt || link.isOutdated) return "expired";
  const { userId, emailAddress } = link;
  const user = await getUser(people, userId);
  try {
    const isChanged = await people.db.transaction(async (tx) => {
      if (!(await useLink(tx, link.tokenHash, people.clock.now()))) return false;
      await updateEmailAddress(tx, userId, emailAddress);
      await recordDeed(tx, { userId, ip }, { action: "user.email-address-changed", subject: `user ${userId}` });
      return true;
    });
    if (!isChanged) return "expired";
  } catch (error) {
    if (violatedUniqueConstraint(error)) return "in-use";
    throw error;
  }
  await people.post.send({ kind: "email-address-changed", to: user.emailAddress, values: { name: user.name } });
  return "changed";
}

/** Texts a code to the new phone; the old number stays until it is given. Fields: `mobileNumber`, `password`. */
export async function beginMobileChange(
  people: People,
  actor: Actor,
  change: { mobileNumber: string; password: string },
): Promise<void> {
  const mobileNumber = parseMobile(change.mobileNumber);
  await getUserByPassword(people, { userId: actor.userId, password: change.password });
  await sendCode(people, { userId: actor.userId, purpose: "mobile-number", to: mobileNumber });
}

function parseMobile(text: string): string {
  try {
    return parseUserMobile(text);
  } catch (error) {
    if (error instanceof Refusal) throw fieldRefusal("mobileNumber", "mobile-invalid", error.message);
    throw error;
  }
}

/** The number that the code was sent to, now the user's. Field: `code`; a wrong one counts towards the lock. */
export async function confirmMobileChange(people: People, actor: Actor, code: string): Promise<string> {
  if (!(await reserveTry(people.db, actor.userId))) throw wrongCode();
  const mobileNumber = await people.db.transaction(async (tx) => {
    const taken = await takeCode(people, tx, { userId: actor.userId, code, purpose: "mobile-number" });
    if (taken.verdict !== "right" || taken.mobileNumber === undefined) throw wrongCode();
    await updateMobileNumber(tx, actor.userId, taken.mobileNumber);
    await recordDeed(tx, actor, { action: "user.mobile-number-changed", subject: `user ${actor.userId}` });
    return taken.mobileNumber;
  });
  await giveBackTry(people.db, actor.userId);
  return mobileNumber;
}

function wrongCode(): Refusal {
  return fieldRefusal("code", "code-wrong", "The code is not the one we sent last, or its time is over");
}

/** Texts as a second factor end with the number; refused while nothing else would be left. */
export async function removeMobileNumber(people: People, actor: Actor, password: string): Promise<void> {
  await getUserByPassword(people, { userId: actor.userId, password });
  const factors = await listFactors(people.db, actor.userId);
  if (factors.filter((kind) => kind !== "recovery-code").join() === "text")
    throw new Refusal("conflict", "Add another way to sign in first: texts are your only second factor");
  await people.db.transaction(async (tx) => {
    await deleteFactor(tx, actor.userId, "text");
    await updateMobileNumber(tx, actor.userId, undefined);
    await recordDeed(tx, actor, { action: "user.mobile-number-removed", subject: `user ${actor.userId}` });
  });
}
