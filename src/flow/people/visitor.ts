/** Who a signed-in user is to services: what `mayDo` asks. */
import type { Db } from "../../platform/db.ts";
import { listOrganisationsOfUser } from "../../records/organisations/organisation-people-store.ts";
import { listMemberships } from "../../records/services/member-store.ts";
import { findUser } from "../../records/users/user-store.ts";
import type { Visitor } from "./permissions.ts";

/** Undefined when there is no such user. `hidesPlatformView`: an administrator who looks as a member would. */
export async function findVisitor(
  db: Db,
  userId: string,
  { hidesPlatformView = false }: { hidesPlatformView?: boolean } = {},
): Promise<Visitor | undefined> {
  const [user, memberships, organisations] = await Promise.all([
    findUser(db, userId),
    listMemberships(db, userId),
    listOrganisationsOfUser(db, userId),
  ]);
  if (!user) return undefined;
  return { userId, isPlatformAdmin: user.isPlatformAdmin && !hidesPlatformView, memberships, organisations };
}
