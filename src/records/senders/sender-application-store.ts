/** Services' applications to have a sender registered with a country's networks, and what became of each. */
import type { ApplicationState } from "../../core/senders/application.ts";
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";

export interface SenderApplication {
  id: string;
  serviceId: string;
  serviceName: string;
  senderId: string;
  sender: string;
  countryPrefix: string;
  state: ApplicationState;
  createdAt: Date;
  changedAt: Date;
  sealedAnswers: Buffer;
}

export interface ApplicationMove {
  id: string;
  applicationId: string;
  at: Date;
  state: ApplicationState;
  userId: string | undefined;
  userName: string | undefined;
  sealedWords: Buffer | undefined;
}

const COLUMNS = sqlConstant(
  `a.id, a.service_id, s.name as service_name, a.sender_id, a.sender, a.country_prefix, a.state, a.created_at, a.changed_at,
   a.sealed_answers`,
);
const FROM = sqlConstant("sender_applications a join services s on s.id = a.service_id");

const LISTED_MAX = 200;
const DECIDED_MAX = 50;
const MOVES_MAX = 100;

export async function insertApplication(
  tx: Tx,
  application: Omit<SenderApplication, "serviceName" | "state" | "changedAt">,
): Promise<void> {
  const { id, serviceId, senderId, sender, countryPrefix, createdAt, sealedAnswers } = application;
  await tx.query`
    insert into sender_applications (id, service_id, sender_id, sender, country_prefix, state, sealed_answers, created_at, changed_at)
    values (${id}, ${serviceId}, ${senderId}, ${sender}, ${countryPrefix}, 'asked', ${sealedAnswers}, ${createdAt}, ${createdAt})`;
}

export async function findApplication(db: Db, id: string): Promise<SenderApplication | undefined> {
  const [found] = await db.query<SenderApplication>`select ${COLUMNS} from ${FROM} where a.id = ${id}`;
  return found;
}

/** Of a service: those under way, and the last that were decided; the newest first. */
export function listApplicationsOf(db: Db, serviceId: string): Promise<SenderApplication[]> {
  return db.query<SenderApplication>`
    select ${COLUMNS} from ${FROM} where a.service_id = ${serviceId} and a.state not in ('withdrawn', 'closed')
    order by a.state in ('asked', 'sent', 'more-wanted') desc, a.changed_at desc limit ${LISTED_MAX}`;
}

export async function countOpenApplications(db: Db, serviceId: string): Promise<number> {
  const [row] = await db.query<{ open: number }>`
    select count(*)::int as open from sender_applications a
    where a.service_id = ${serviceId} and a.state in ('asked', 'sent', 'more-wanted')`;
  return row?.open ?? 0;
}

/** What waits for those who run the platform comes first, the longest first; then what waits for others. */
export function listOpenApplications(db: Db): Promise<SenderApplication[]> {
  return db.query<SenderApplication>`
    select ${COLUMNS} from ${FROM} where a.state in ('asked', 'sent', 'more-wanted') and s.archived_at is null
    order by array_position(array['asked', 'sent', 'more-wanted'], a.state), a.changed_at limit ${LISTED_MAX}`;
}

/** The newest first. */
export function listDecidedApplications(db: Db): Promise<SenderApplication[]> {
  return db.query<SenderApplication>`
    select ${COLUMNS} from ${FROM} where a.state in ('registered', 'refused') order by a.changed_at desc limit ${DECIDED_MAX}`;
}

/** Whether it stood where it can be moved from. */
export async function setApplicationState(
  tx: Tx,
  move: { id: string; from: readonly ApplicationState[]; to: ApplicationState; now: Date },
): Promise<boolean> {
  const rows = await tx.query<{ id: string }>`
    update sender_applications set state = ${move.to}, changed_at = ${move.now}
    where id = ${move.id} and state = any(${move.from}) returning id`;
  return rows.length > 0;
}

export async function setApplicationAnswers(tx: Tx, id: string, sealedAnswers: Buffer): Promise<void> {
  await tx.query`update sender_applications set sealed_answers = ${sealedAnswers} where id = ${id}`;
}

export async function insertApplicationMove(tx: Tx, move: Omit<ApplicationMove, "userName">): Promise<void> {
  await tx.query`
    insert into sender_application_moves (id, application_id, at, state, user_id, sealed_words)
    values (${move.id}, ${move.applicationId}, ${move.at}, ${move.state}, ${move.userId ?? null}, ${move.sealedWords ?? null})`;
}

/** The newest first. */
export function listApplicationMoves(db: Db, applicationId: string): Promise<ApplicationMove[]> {
  return db.query<ApplicationMove>`
    select m.id, m.application_id, m.at, m.state, m.user_id, u.name as user_name, m.sealed_words
    from sender_application_moves m left join users u on u.id = m.user_id
    where m.application_id = ${applicationId} order by m.at desc, m.id desc limit ${MOVES_MAX}`;
}

/** Those under way for a sender that has gone, or that is not called so any more. */
export async function closeApplications(tx: Tx, senderId: string, exceptOf?: string): Promise<void> {
  await tx.query`
    with closed as (
      update sender_applications set state = 'closed', changed_at = now()
      where sender_id = ${senderId} and state in ('asked', 'sent', 'more-wanted') and sender is distinct from ${exceptOf ?? null}
      returning id, changed_at
    )
    insert into sender_application_moves (id, application_id, at, state)
    select gen_random_uuid(), c.id, c.changed_at, 'closed' from closed c`;
}
