/** Making an account: whoever may, with an address that they have shown to be theirs. Whether an address has an account, nobody is told. */
import { parseEmailAddress } from "../../core/email/parse-email-address.ts";
import { Refusal } from "../../core/refusal.ts";
import { type Tx, violatedUniqueConstraint } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { getRegistrationRule, type RegistrationRule } from "../../records/deployment/people-settings.ts";
import { hashPassword, verifyPassword } from "../../records/users/password.ts";
import {
  findRegistration,
  insertRegistration,
  type Registration,
  renewRegistration,
  useRegistration,
} from "../../records/users/registration-store.ts";
import { findUserByEmail, insertUser, parseUserMobile, type User } from "../../records/users/user-store.ts";
import { recordDeed } from "../actor.ts";
import { type FieldProblem, refuseProblems } from "../form-refusal.ts";
import { personNameProblem } from "./names.ts";
import { passwordProblem } from "./password-strength.ts";
import { adminUrl, type People, type Where } from "./people.ts";
import { newToken, tokenHash } from "./secrets.ts";
import { isWithinThrottle, refuseIfThrottled } from "./throttle.ts";

export const REGISTRATION_LINK_VALID_MS = 60 * 60_000;

export interface RegistrationForm {
  name: string;
  emailAddress: string;
  /** Left out by who wants no texts. */
  mobileNumber?: string | undefined;
  password: string;
}

/** What a form to make an account came to, once it has no problems. */
export interface CheckedPerson {
  name: string;
  emailAddress: string;
  mobileNumber: string | undefined;
}

/**
 * Asks for an account. Resolves in the same way, and as soon, whether the address is new or taken: the one gets a link, the other an email
 * that says so. Fields: `name`, `emailAddress`, `mobileNumber`, `password`; refuses `not-authorised` who may not make one.
 */
export async function register(people: People, form: RegistrationForm, where: Where): Promise<void> {
  await refuseIfThrottled(people, "registration-address", where.ip);
  const person = await checkPerson(form);
  refuseIfMayNotRegister(await getRegistrationRule(people.db), person.emailAddress);
  const passwordHash = await hashPassword(form.password);
  people.post.later(async () => {
    if (!(await isWithinThrottle(people, "registration-account", person.emailAddress))) return;
    const user = await findUserByEmail(people.db, person.emailAddress);
    if (user) await tellAlreadyRegistered(people, user, where);
    else await keepRegistration(people, { ...person, passwordHash }, where);
  });
}

/** Everything that is wrong with a form, at once. */
export async function checkPerson(form: RegistrationForm): Promise<CheckedPerson> {
  const email = parseEmailAddress(form.emailAddress);
  const mobile = parseMobile(form.mobileNumber);
  const problems: (FieldProblem | undefined)[] = [
    personNameProblem(form.name),
    typeof email === "string"
      ? { field: "emailAddress", problem: "email-invalid", message: "Enter an email address, such as name@example.org" }
      : undefined,
    mobile.problem,
    await passwordProblem(form.password, [form.name, form.emailAddress]),
  ];
  refuseProblems(problems.filter((problem) => problem !== undefined));
  const emailAddress = typeof email === "object" ? email.asSubmitted : form.emailAddress;
  return { name: form.name.trim(), emailAddress, mobileNumber: mobile.number };
}

function parseMobile(text: string | undefined): { number: string | undefined; problem?: FieldProblem } {
  if (text === undefined || text.trim() === "") return { number: undefined };
  try {
    return { number: parseUserMobile(text) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const problem = { field: "mobileNumber", problem: "mobile-invalid", message: error.message };
    return { number: undefined, problem };
  }
}

function refuseIfMayNotRegister(rule: RegistrationRule, emailAddress: string): void {
  if (rule.kind === "open" || (rule.kind === "domains" && isOfDomain(emailAddress, rule.domains))) return;
  throw new Refusal(
    "not-authorised",
    rule.kind === "invitation"
      ? "Accounts are made by invitation here: ask someone of the service you want to work on"
      : "Only people of certain organisations can make an account here",
  );
}

/** Whether an address is of one of the domains, or of one below it. */
export function isOfDomain(emailAddress: string, domains: readonly string[]): boolean {
  const host = emailAddress.slice(emailAddress.lastIndexOf("@") + 1).toLowerCase();
  return domains.some((domain) => host === domain.toLowerCase() || host.endsWith(`.${domain.toLowerCase()}`));
}

async function tellAlreadyRegistered(people: People, user: User, where: Where): Promise<void> {
  await people.post.send({
    kind: "already-registered",
    to: user.emailAddress,
    values: {
      name: user.name,
      "sign-in link": adminUrl(people, where, "/sign-in"),
      "forgotten password link": adminUrl(people, where, "/forgot-password"),
    },
  });
}

async function keepRegistration(
  people: People,
  person: CheckedPerson & { passwordHash: string },
  where: Where,
): Promise<void> {
  const token = newToken();
  const createdAt = people.clock.now();
  const expiresAt = new Date(createdAt.getTime() + REGISTRATION_LINK_VALID_MS);
  const registration = { id: newId(), ...person, tokenHash: tokenHash(token), createdAt, expiresAt };
  await people.db.transaction((tx) => insertRegistration(tx, registration));
  await sendLink(people, { ...person, token }, where);
}

async function sendLink(
  people: People,
  { name, emailAddress, token }: { name: string; emailAddress: string; token: string },
  where: Where,
): Promise<void> {
  await people.post.send({
    kind: "confirm-registration",
    to: emailAddress,
    values: { name, link: adminUrl(people, where, `/verify-email/${token}`) },
    validForMs: REGISTRATION_LINK_VALID_MS,
  });
}

export type RegistrationAnswer =
  | { kind: "confirmed"; userId: string }
  /** Of a registration whose owner did not know its password: somebody else used this address. */
  | { kind: "wrong-password" }
  /** A new link is on its way. */
  | { kind: "expired" }
  /** There is an account now: sign in. */
  | { kind: "used" }
  | { kind: "unknown" };

/**
 * Makes the account, by POST. The link proves the mailbox and the password proves that its owner registered: without it, who clicks a
 * link that somebody else asked for would open an account in their own name for that somebody.
 */
export async function confirmRegistration(
  people: People,
  { token, password }: { token: string; password: string },
  where: Where,
): Promise<RegistrationAnswer> {
  const registration = await findRegistration(people.db, tokenHash(token));
  if (!registration) return { kind: "unknown" };
  if (registration.usedAt) return { kind: "used" };
  const now = people.clock.now();
  if (registration.expiresAt <= now) return renew(people, registration, where);
  await refuseIfThrottled(people, "registration-proof", registration.id);
  if (!(await verifyPassword(registration.passwordHash, password))) return { kind: "wrong-password" };
  return makeUser(people, registration, where.ip);
}

async function renew(people: People, registration: Registration, where: Where): Promise<RegistrationAnswer> {
  const token = newToken();
  const expiresAt = new Date(people.clock.now().getTime() + REGISTRATION_LINK_VALID_MS);
  const renewed = { id: registration.id, tokenHash: tokenHash(token), expiresAt };
  await people.db.transaction((tx) => renewRegistration(tx, renewed));
  await sendLink(people, { ...registration, token }, where);
  return { kind: "expired" };
}

async function makeUser(people: People, registration: Registration, ip: string): Promise<RegistrationAnswer> {
  try {
    return await people.db.transaction(async (tx) => {
      if (!(await useRegistration(tx, registration.id, people.clock.now()))) return { kind: "used" };
      if (await findUserByEmail(tx, registration.emailAddress)) return { kind: "used" };
      return { kind: "confirmed", userId: await insertNewUser(tx, registration, ip) };
    });
  } catch (error) {
    if (violatedUniqueConstraint(error)) return { kind: "used" };
    throw error;
  }
}

/** A new user, made by themselves. */
export async function insertNewUser(
  tx: Tx,
  person: CheckedPerson & { passwordHash: string | undefined },
  ip: string,
): Promise<string> {
  const { name, emailAddress, mobileNumber, passwordHash } = person;
  const id = newId();
  await insertUser(tx, { id, name, emailAddress, mobileNumber, passwordHash, isPlatformAdmin: false });
  await recordDeed(tx, { userId: id, ip }, { action: "user.created", subject: `user ${id}` });
  return id;
}
