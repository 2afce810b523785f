/** Who has this email address and password. Takes as long for an address that nobody has as for one that somebody has. */
import type { Db } from "../../../platform/db.ts";
import { hashPassword, newPassword, verifyPassword } from "../../../records/users/password.ts";
import { findUserByEmail, type User } from "../../../records/users/user-store.ts";

/** Of a password that nobody has: checked in place of one that is not there. */
let nobodysHash: Promise<string> | undefined;

/** Undefined when the two do not belong together, whatever the reason: none of them is told. */
export async function checkPassword(
  db: Db,
  { emailAddress, password }: { emailAddress: string; password: string },
): Promise<User | undefined> {
  nobodysHash ??= hashPassword(newPassword());
  const user = await findUserByEmail(db, emailAddress.trim());
  const isRight = await verifyPassword(user?.passwordHash ?? (await nobodysHash), password);
  return user?.passwordHash && isRight ? user : undefined;
}
