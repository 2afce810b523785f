/** Who changed what. Neither secrets nor recipients' personal data are ever in an entry. */
import type { Db, Tx } from "../../platform/db.ts";
import { firstIdAt, newId } from "../../platform/ids.ts";

export interface NewAuditEntry {
  /** A user's id, or the command that was run. */
  actor: string;
  /** The address the request came from; none for a command. */
  ip?: string | undefined;
  serviceId?: string | undefined;
  /** `template.updated`. */
  action: string;
  /** What it was done to, in words. */
  subject: string;
  before?: Record<string, unknown> | undefined;
  after?: Record<string, unknown> | undefined;
}

export interface AuditEntry extends NewAuditEntry {
  id: string;
  at: Date;
}

export async function insertAuditEntries(tx: Tx, entries: readonly NewAuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const json = (value: unknown) => (value === undefined ? null : JSON.stringify(value));
  await tx.query`
    insert into audit_log (id, actor, ip_address, service_id, action, subject, before, after)
    select e.id, e.actor, e.ip_address, e.service_id, e.action, e.subject, e.before, e.after
    from unnest(
      ${entries.map(() => newId())}::uuid[], ${entries.map((entry) => entry.actor)}::text[],
      ${entries.map((entry) => entry.ip ?? null)}::text[], ${entries.map((entry) => entry.serviceId ?? null)}::uuid[],
      ${entries.map((entry) => entry.action)}::text[],
      ${entries.map((entry) => entry.subject)}::text[], ${entries.map((entry) => json(entry.before))}::jsonb[],
      ${entries.map((entry) => json(entry.after))}::jsonb[]
    ) as e (id, actor, ip_address, service_id, action, subject, before, after)`;
}

/** The newest entries of a service, or of everything. */
export function listAuditEntries(
  db: Db,
  page: { serviceId?: string; olderThan?: string; limit: number },
): Promise<AuditEntry[]> {
  const { serviceId = null, olderThan = null, limit } = page;
  return db.query<AuditEntry>`
    select a.id, a.at, a.actor, a.ip_address as ip, a.service_id, a.action, a.subject, a.before, a.after
    from audit_log a
    where (${serviceId}::uuid is null or a.service_id = ${serviceId}) and (${olderThan}::uuid is null or a.id < ${olderThan})
    order by a.id desc limit ${limit}`;
}

export interface NamedAuditEntry extends AuditEntry {
  /** Of the user who did it; undefined where a command did. */
  actorName: string | undefined;
  /** Of the user it was done to, where it was one. */
  subjectName: string | undefined;
  serviceName: string | undefined;
}

/** A page of the log for people, newest first: names beside ids, as they are called now. `before` is the id of the last entry seen. */
export function listAudit(
  db: Db,
  page: { serviceId?: string | undefined; actor?: string | undefined; before?: string | undefined; limit: number },
): Promise<NamedAuditEntry[]> {
  const { serviceId = null, actor: actorId = null, before = null, limit } = page;
  return db.query<NamedAuditEntry>`
    select a.id, a.at, a.actor, a.ip_address as ip, a.service_id, a.action, a.subject, a.before, a.after,
      actor.name as actor_name, subject.name as subject_name, s.name as service_name
    from audit_log a
    left join users actor on actor.id::text = a.actor
    left join users subject on 'user ' || subject.id::text = a.subject
    left join services s on s.id = a.service_id
    where (${serviceId}::uuid is null or a.service_id = ${serviceId}) and (${actorId}::text is null or a.actor = ${actorId})
      and (${before}::uuid is null or a.id < ${before})
    order by a.id desc limit ${limit}`;
}

/** Entries in the order they were made, for who takes them elsewhere: between two ids, which may be the smallest of a moment. */
export function listAuditAfter(
  db: Db,
  { after, until, limit }: { after: string; until: string; limit: number },
): Promise<AuditEntry[]> {
  return db.query<AuditEntry>`
    select a.id, a.at, a.actor, a.ip_address as ip, a.service_id, a.action, a.subject, a.before, a.after
    from audit_log a where a.id > ${after} and a.id < ${until} order by a.id limit ${limit}`;
}

/** Deletes the oldest of those from before a moment, and says how many. */
export async function deleteAuditEntries(db: Db, { before, limit }: { before: Date; limit: number }): Promise<number> {
  const rows = await db.query<{ id: string }>`
    delete from audit_log where id = any(array(
      select a.id from audit_log a where a.id < ${firstIdAt(before)} order by a.id limit ${limit}
    )) returning id`;
  return rows.length;
}
