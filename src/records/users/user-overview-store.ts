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
  createdAt: Date;
  lastSignedInAt: Date | undefined;
}

/** A span of time; undefined is no bound. */
export interface Between {
  from: Date | undefined;
  before: Date | undefined;
}

const ALWAYS: Between = { from: undefined, before: undefined };

export interface UserListing {
  after?: string | undefined;
  limit: number;
  created?: Between;
  /** The last time; with a bound, nobody who never did. */
  signedIn?: Between;
}

/** By name; those after the one last seen. */
export function listUserOverviews(
  db: Db,
  { after, limit, created = ALWAYS, signedIn = ALWAYS }: UserListing,
): Promise<UserOverview[]> {
  const afterId = after ?? null;
  const [signedInFrom, signedInBefore] = [signedIn.from ?? null, signedIn.before ?? null];
  return db.query<UserOverview>`
    select u.id, u.name, u.email_address, u.is_platform_admin, u.failed_sign_ins >= ${FAILED_SIGN_INS_MAX} as is_locked,
      u.created_at, u.last_signed_in_at, (select count(*) from service_members m where m.user_id = u.id) as services
    from users u
    where u.archived_at is null
      and (${afterId}::uuid is null or (lower(u.name), u.id) > (select lower(a.name), a.id from users a where a.id = ${afterId}))
      and u.created_at >= coalesce(${created.from ?? null}::timestamptz, '-infinity')
      and u.created_at < coalesce(${created.before ?? null}::timestamptz, 'infinity')
      and (${signedInFrom}::timestamptz is null or u.last_signed_in_at >= ${signedInFrom})
      and (${signedInBefore}::timestamptz is null or u.last_signed_in_at < ${signedInBefore})
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
