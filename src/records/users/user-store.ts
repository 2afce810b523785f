/** People who sign in. */
import { parseEmailAddress } from "../../core/email/parse-email-address.ts";
import { formatForPeople } from "../../core/phone/format-phone-number.ts";
import { parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import { phoneProblemMessage } from "../../core/phone/phone-problem-message.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Db, Tx } from "../../platform/db.ts";

export interface User {
  id: string;
  name: string;
  emailAddress: string;
  mobileNumber: string | undefined;
  isPlatformAdmin: boolean;
  /** Undefined until someone has set a password: until then nobody signs in as this user. */
  passwordHash: string | undefined;
  createdAt: Date;
}

export type NewUser = Omit<User, "createdAt">;

export async function findUser(db: Db, id: string): Promise<User | undefined> {
  const [user] = await db.query<User>`
    select u.id, u.name, u.email_address, u.mobile_number, u.is_platform_admin, u.password_hash, u.created_at
    from users u where u.id = ${id} and u.archived_at is null`;
  return user;
}

/** Everyone who has not been archived, by name. */
export function listUsers(db: Db): Promise<User[]> {
  return db.query<User>`
    select u.id, u.name, u.email_address, u.mobile_number, u.is_platform_admin, u.password_hash, u.created_at
    from users u where u.archived_at is null order by u.name, u.id`;
}

export async function findUserByEmail(db: Db, emailAddress: string): Promise<User | undefined> {
  const [user] = await db.query<User>`
    select u.id, u.name, u.email_address, u.mobile_number, u.is_platform_admin, u.password_hash, u.created_at
    from users u where lower(u.email_address) = lower(${emailAddress}) and u.archived_at is null`;
  return user;
}

export async function insertUser(tx: Tx, user: NewUser): Promise<void> {
  await tx.query`
    insert into users (id, name, email_address, mobile_number, is_platform_admin, password_hash)
    values (${user.id}, ${user.name}, ${user.emailAddress}, ${user.mobileNumber ?? null}, ${user.isPlatformAdmin},
      ${user.passwordHash ?? null})`;
}

/** A new password opens an account that had been locked, and links sent before it count no longer. */
export async function updateUser(tx: Tx, user: NewUser): Promise<void> {
  await tx.query`
    update users set name = ${user.name}, email_address = ${user.emailAddress}, mobile_number = ${user.mobileNumber ?? null},
      is_platform_admin = ${user.isPlatformAdmin}, password_hash = ${user.passwordHash ?? null},
      failed_sign_ins = case when password_hash is distinct from ${user.passwordHash ?? null} then 0 else failed_sign_ins end,
      password_changed_at = case when password_hash is distinct from ${user.passwordHash ?? null} then now() else password_changed_at end
    where id = ${user.id}`;
}

/** An account's address as it is kept. Refuses what is not one. */
export function parseUserEmail(text: string): string {
  const email = parseEmailAddress(text);
  if (typeof email === "object") return email.asSubmitted;
  throw new Refusal("invalid", "The email address must be complete, such as name@example.org");
}

/** An account's mobile number as it is kept, the way it is dialled at home. Refuses what is not one. */
export function parseUserMobile(text: string): string {
  const number = parsePhoneNumber(text);
  if (typeof number === "object") return formatForPeople(number.digits);
  throw new Refusal("invalid-phone", `The mobile number is not one we can text: ${phoneProblemMessage(number)}`);
}
