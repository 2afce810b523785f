/** People as those who run the platform look at them. */
import type { Db } from "../../platform/db.ts";
import type { MemberPermission } from "../services/member-store.ts";
import { FAILED_SIGN_INS_MAX } from "./account-store.ts";

export interface UserOverview {
  id: string;
  name: string;
  emailAddress: string;
  isPlatformAdmin: boolean;
  isLocked: boolean;
  services: number;
  lastSignedInAt: Date | undefined;
}

/** By name; those after the one last seen. */
export function listUserOverviews(
  db: Db,
  { after, limit }: { after?: string | undefined; limit: number },
): Promise<UserOverview[]> {
  const afterId = after ?? null;
  return db.query<UserOverview>`
    select u.id, u.name, u.email_address, u.is_platform_admin, u.failed_sign_ins >= ${FAILED_SIGN_INS_MAX} as is_locked,
      u.last_signed_in_at, (select count(*) from service_members m where m.user_id = u.id) as services
    from users u
    where u.archived_at is null
      and (${afterId}::uuid is null or (lower(u.name), u.id) > (select lower(a.name), a.id from users a where a.id = ${afterId}))
    order by lower(u.name), u.id limit ${limit}`;
}

export interface UserMembership {
  serviceId: string;
  name: string;
  permissions: readonly MemberPermission[];
  isArchived: boolean;
}

/** By name, archived services among them. */
export function listUserMemberships(db: Db, userId: string): Promise<UserMembership[]> {
  return db.query<UserMembership>`
    select m.service_id, s.name, m.permissions, s.archived_at is not null as is_archived
    from service_members m join services s on s.id = m.service_id
    where m.user_id = ${userId} order by lower(s.name), s.id`;
}
