/** Verifications and their codes, as the database keeps them. What must not happen twice is claimed in one statement before it is done. */
import type { TypedChannel } from "../../core/channels/channels.ts";
import { type Db, sqlConstant, type Tx } from "../../platform/db.ts";
import type { KeyKind } from "../services/service.ts";
import type { NewVerification, NewVerificationCode, Verification, VerificationCode } from "./verification.ts";

const COLUMNS = sqlConstant(`
  v.id, v.service_id, v.key_kind, v.api_key_id, v.reference, v.sealed_wish, v.created_at, v.last_sent_at, v.expires_at, v.sends,
  v.fell_back_at, v.attempts, v.attempts_max, v.verified_at, v.verified_by`);

export async function insertVerifications(tx: Tx, rows: readonly NewVerification[]): Promise<void> {
  if (rows.length === 0) return;
  const column = <Key extends keyof NewVerification>(key: Key) => rows.map((row) => row[key] ?? null);
  await tx.query`
    insert into verifications (id, service_id, key_kind, api_key_id, reference, sealed_wish, created_at, last_sent_at, expires_at,
      attempts_max, texts, emails)
    select v.id, v.service_id, v.key_kind, v.api_key_id, v.reference, v.sealed_wish, v.created_at, v.created_at, v.expires_at,
      v.attempts_max, (v.channel = 'sms')::integer, (v.channel = 'email')::integer
    from unnest(
      ${column("id")}::uuid[], ${column("serviceId")}::uuid[], ${column("keyKind")}::text[], ${column("apiKeyId")}::uuid[],
      ${column("reference")}::text[], ${column("sealedWish")}::bytea[], ${column("createdAt")}::timestamptz[],
      ${column("expiresAt")}::timestamptz[], ${column("attemptsMax")}::smallint[], ${column("channel")}::text[]
    ) as v (id, service_id, key_kind, api_key_id, reference, sealed_wish, created_at, expires_at, attempts_max, channel)`;
}

export async function insertVerificationCodes(tx: Tx, rows: readonly NewVerificationCode[]): Promise<void> {
  if (rows.length === 0) return;
  const column = <Key extends keyof NewVerificationCode>(key: Key) => rows.map((row) => row[key]);
  await tx.query`
    insert into verification_codes (verification_id, number, channel, code_hash, notification_id, sent_at, expires_at)
    select c.verification_id, c.number, c.channel, c.code_hash, c.notification_id, c.sent_at, c.expires_at
    from unnest(
      ${column("verificationId")}::uuid[], ${column("number")}::smallint[], ${column("channel")}::text[],
      ${column("codeHash")}::bytea[], ${column("notificationId")}::uuid[], ${column("sentAt")}::timestamptz[],
      ${column("expiresAt")}::timestamptz[]
    ) as c (verification_id, number, channel, code_hash, notification_id, sent_at, expires_at)`;
}

interface Which {
  serviceId: string;
  /** Who asks with another kind of key does not find it. */
  keyKind: KeyKind;
  id: string;
}

/** Of whichever kind of key, where that is left out. */
export async function findVerification(
  db: Db,
  { serviceId, keyKind, id }: Omit<Which, "keyKind"> & Partial<Which>,
): Promise<Verification | undefined> {
  const [verification] = await db.query<Verification>`
    select ${COLUMNS} from verifications v
    where v.id = ${id} and v.service_id = ${serviceId} and v.key_kind = coalesce(${keyKind ?? null}, v.key_kind)`;
  return verification;
}

/** The one whose code a notification carried. */
export async function findVerificationOf(db: Db, notificationId: string): Promise<Verification | undefined> {
  const [verification] = await db.query<Verification>`
    select ${COLUMNS} from verifications v join verification_codes c on c.verification_id = v.id
    where c.notification_id = ${notificationId}`;
  return verification;
}

/** In the order in which they were sent. */
export function listCodes(db: Db, verificationId: string): Promise<VerificationCode[]> {
  return db.query<VerificationCode>`
    select c.verification_id, c.number, c.channel, c.code_hash, c.notification_id, c.sent_at, c.expires_at
    from verification_codes c where c.verification_id = ${verificationId} order by c.sent_at, c.number`;
}

/** Takes one of the attempts that are left, however many ask at once; undefined where there is none to take. */
export async function claimAttempt(
  db: Db,
  { serviceId, keyKind, id, now }: Which & { now: Date },
): Promise<Verification | undefined> {
  const [verification] = await db.query<Verification>`
    update verifications v set attempts = v.attempts + 1
    where v.id = ${id} and v.service_id = ${serviceId} and v.key_kind = ${keyKind} and v.verified_at is null
      and v.expires_at > ${now} and v.attempts < v.attempts_max
    returning ${COLUMNS}`;
  return verification;
}

/** Of two who have the right code at once, one is told so. */
export async function markVerified(
  db: Db,
  { id, now, by }: { id: string; now: Date; by: TypedChannel },
): Promise<Verification | undefined> {
  const [verification] = await db.query<Verification>`
    update verifications v set verified_at = ${now}, verified_by = ${by}, sealed_wish = null
    where v.id = ${id} and v.verified_at is null
    returning ${COLUMNS}`;
  return verification;
}

interface Resend extends Which {
  now: Date;
  channel: TypedChannel;
  sendsMax: number;
  /** It was last sent then, or before. */
  lastSentBy: Date;
  expiresAt: Date;
}

/** Takes one of the sends that are left, if it is time; undefined where there is none to take, or not yet. */
export async function claimResend(db: Db, resend: Resend): Promise<Verification | undefined> {
  const { serviceId, keyKind, id, now, channel, sendsMax, lastSentBy, expiresAt } = resend;
  const [verification] = await db.query<Verification>`
    update verifications v set sends = v.sends + 1, last_sent_at = ${now}, expires_at = greatest(v.expires_at, ${expiresAt}),
      texts = v.texts + ${channel === "sms" ? 1 : 0}, emails = v.emails + ${channel === "email" ? 1 : 0}
    where v.id = ${id} and v.service_id = ${serviceId} and v.key_kind = ${keyKind} and v.verified_at is null
      and v.expires_at > ${now} and v.attempts < v.attempts_max and v.sends < ${sendsMax} and v.last_sent_at <= ${lastSentBy}
    returning ${COLUMNS}`;
  return verification;
}

/** Gives a send back that could not be made. */
export async function releaseResend(db: Db, before: Verification, channel: TypedChannel): Promise<void> {
  await db.query`
    update verifications v set sends = v.sends - 1, last_sent_at = ${before.lastSentAt}, expires_at = ${before.expiresAt},
      texts = v.texts - ${channel === "sms" ? 1 : 0}, emails = v.emails - ${channel === "email" ? 1 : 0}
    where v.id = ${before.id} and v.sends > 1`;
}

/** Beside the codes of these fallbacks, of which a verification has one: the key of codes sees to it. */
export async function recordFallbacks(tx: Tx, codes: readonly NewVerificationCode[]): Promise<void> {
  if (codes.length === 0) return;
  await tx.query`
    update verifications v set fell_back_at = c.sent_at, expires_at = greatest(v.expires_at, c.expires_at), emails = v.emails + 1
    from unnest(
      ${codes.map((code) => code.verificationId)}::uuid[], ${codes.map((code) => code.sentAt)}::timestamptz[],
      ${codes.map((code) => code.expiresAt)}::timestamptz[]
    ) as c (verification_id, sent_at, expires_at)
    where v.id = c.verification_id`;
}
