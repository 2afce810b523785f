/**
 * Sessions of people in the admin web. A session is known by the SHA-256 of the random token in its cookie: whoever reads the database
 * cannot take one over. It ends 20 hours after it began (OWASP's Session Management Cheat Sheet asks for an absolute end), when it
 * is revoked, and for platform administrators after 30 idle minutes.
 */
import { createHash, randomBytes } from "node:crypto";
import type { Db, Tx } from "../../platform/db.ts";
import type { MEMBER_PERMISSIONS } from "../services/member-store.ts";

const TOKEN_BYTES = 32;
const LIFETIME_MS = 20 * 60 * 60_000;
export const ADMIN_IDLE_MAX_MS = 30 * 60_000;
const SEEN_EVERY_MS = 60_000;
const USER_AGENT_MAX_CHARACTERS = 300;
/** The rest are on the page that lists them all. */
export const SERVICES_TO_SWITCH_MAX = 10;
/** More than anybody uses; older ones have ended anyway. */
const SESSIONS_LISTED_MAX = 100;
/** Revoked and expired ones are kept so long, for whoever looks into a break-in. */
const KEPT_AFTER_END_MS = 30 * 24 * 60 * 60_000;

/** `password-given`: a second factor is still owed, and nothing else may be seen. */
export type SessionStage = "password-given" | "signed-in";
export type MemberPermission = (typeof MEMBER_PERMISSIONS)[number];

export interface Session {
  /** SHA-256 of its token. */
  id: Buffer;
  userId: string;
  stage: SessionStage;
  ipAddress: string;
  userAgent: string;
  createdAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
  hidesPlatformView: boolean;
}

/** One that has not ended. */
export interface OpenSession extends Session {
  /** When it ends unless it is used again: for a platform administrator, after so long without a page. */
  endsAt: Date;
}

/** A session with who it belongs to and where they may do what: all that a page asks first, read in one statement. */
export interface KnownSession extends Session {
  userName: string;
  emailAddress: string;
  isPlatformAdmin: boolean;
  memberships: readonly { serviceId: string; permissions: readonly MemberPermission[] }[];
  organisationIds: readonly string[];
  /** The first of the services they work in, by name, to go from one to another. */
  firstServices: readonly { id: string; name: string }[];
}

export interface NewSession {
  userId: string;
  stage: SessionStage;
  ipAddress: string;
  userAgent: string;
  now: Date;
}

/** 256 random bits in base64url, to be given to the browser and kept nowhere else. */
export function newSessionToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

export function sessionIdOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

export async function insertSession(tx: Tx, token: string, session: NewSession): Promise<void> {
  const { userId, stage, ipAddress, userAgent, now } = session;
  const expiresAt = new Date(now.getTime() + LIFETIME_MS);
  await tx.query`
    insert into sessions (id, user_id, stage, ip_address, user_agent, created_at, last_seen_at, expires_at)
    values (${sessionIdOf(token)}, ${userId}, ${stage}, ${ipAddress}, ${userAgent.slice(0, USER_AGENT_MAX_CHARACTERS)},
      ${now}, ${now}, ${expiresAt})`;
}

/** The session of a token that counts now; undefined when it is unknown, revoked, over, or idle for too long. */
export async function findSession(db: Db, token: string, now: Date): Promise<KnownSession | undefined> {
  const idleSince = new Date(now.getTime() - ADMIN_IDLE_MAX_MS);
  const [session] = await db.query<KnownSession>`
    select s.id, s.user_id, s.stage, s.ip_address, s.user_agent, s.created_at, s.last_seen_at, s.expires_at,
      s.hides_platform_view, u.name as user_name, u.email_address, u.is_platform_admin,
      array(select json_build_object('serviceId', m.service_id, 'permissions', m.permissions)
        from service_members m where m.user_id = u.id) as memberships,
      array(select o.organisation_id from organisation_members o where o.user_id = u.id) as organisation_ids,
      array(select json_build_object('id', v.id, 'name', v.name)
        from service_members m join services v on v.id = m.service_id
        where m.user_id = u.id and v.archived_at is null
        order by lower(v.name), v.id limit ${SERVICES_TO_SWITCH_MAX}) as first_services
    from sessions s join users u on u.id = s.user_id
    where s.id = ${sessionIdOf(token)} and s.revoked_at is null and s.expires_at > ${now} and u.archived_at is null
      and (not u.is_platform_admin or s.last_seen_at > ${idleSince})`;
  return session;
}

/** Notes that a session is in use, at most once a minute: a page that only reads should not write each time. */
export async function noteSeen(db: Db, session: Pick<Session, "id" | "lastSeenAt">, now: Date): Promise<void> {
  if (now.getTime() - session.lastSeenAt.getTime() < SEEN_EVERY_MS) return;
  await db.query`update sessions set last_seen_at = ${now} where id = ${session.id} and last_seen_at < ${now}`;
}

/** A user's sessions that have not ended, the latest first. One that was left idle for too long has. */
export function listSessions(db: Db, userId: string, now: Date): Promise<OpenSession[]> {
  const idleSince = new Date(now.getTime() - ADMIN_IDLE_MAX_MS);
  return db.query<OpenSession>`
    select s.id, s.user_id, s.stage, s.ip_address, s.user_agent, s.created_at, s.last_seen_at, s.expires_at,
      s.hides_platform_view,
      case when u.is_platform_admin
        then least(s.expires_at, s.last_seen_at + ${ADMIN_IDLE_MAX_MS}::integer * interval '1 millisecond')
        else s.expires_at end as ends_at
    from sessions s join users u on u.id = s.user_id
    where s.user_id = ${userId} and s.revoked_at is null and s.expires_at > ${now}
      and (not u.is_platform_admin or s.last_seen_at > ${idleSince})
    order by s.created_at desc limit ${SESSIONS_LISTED_MAX}`;
}

/** Whether there was one to revoke: a session of this user that had not been. */
export async function revokeSession(tx: Tx, session: Pick<Session, "id" | "userId">, now: Date): Promise<boolean> {
  const revoked = await tx.query<{ userId: string }>`
    update sessions set revoked_at = ${now}
    where id = ${session.id} and user_id = ${session.userId} and revoked_at is null returning user_id`;
  return revoked.length > 0;
}

/** All of a user's sessions, but for one if it is named; how many there were. */
export async function revokeSessions(
  tx: Tx,
  { userId, except, now }: { userId: string; except?: Buffer | undefined; now: Date },
): Promise<number> {
  const revoked = await tx.query<{ userId: string }>`
    update sessions set revoked_at = ${now}
    where user_id = ${userId} and revoked_at is null and (${except ?? null}::bytea is null or id <> ${except ?? null})
    returning user_id`;
  return revoked.length;
}

/** Whether it changed: a session of this user that had it the other way. */
export async function updatePlatformView(
  tx: Tx,
  { id, userId, hidesPlatformView }: Pick<Session, "id" | "userId" | "hidesPlatformView">,
): Promise<boolean> {
  const changed = await tx.query<{ userId: string }>`
    update sessions set hides_platform_view = ${hidesPlatformView}
    where id = ${id} and user_id = ${userId} and hides_platform_view <> ${hidesPlatformView} returning user_id`;
  return changed.length > 0;
}

/** Forgets sessions that ended long ago; how many. */
export async function deletePastSessions(db: Db, now: Date): Promise<number> {
  const before = new Date(now.getTime() - KEPT_AFTER_END_MS);
  const deleted = await db.query<{
    userId: string;
  }>`delete from sessions where expires_at < ${before} returning user_id`;
  return deleted.length;
}
