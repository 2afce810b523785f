/** A service's name, beginning and end, and whether it sends. */
import type { Db, Tx } from "../../platform/db.ts";

const NAMES_LOCK = "pennypost service names";

/** Held to the end of the transaction: two services cannot take one name at the same moment. */
export async function lockServiceNames(tx: Tx): Promise<void> {
  await tx.query`select pg_advisory_xact_lock(hashtext(${NAMES_LOCK}))`;
}

/** Whether a service in use, other than this one, has a name that differs in no letter or digit. */
export async function isNameTaken(db: Db, name: string, exceptId: string | undefined): Promise<boolean> {
  const [row] = await db.query<{ isTaken: boolean }>`
    select exists (select from services s
      where regexp_replace(lower(s.name), '[^[:alnum:]]', '', 'g') = regexp_replace(lower(${name}), '[^[:alnum:]]', '', 'g')
        and s.archived_at is null and not s.is_internal and (${exceptId ?? null}::uuid is null or s.id <> ${exceptId ?? null})
    ) as is_taken`;
  return row?.isTaken ?? false;
}

export async function setServiceCreator(tx: Tx, serviceId: string, userId: string): Promise<void> {
  await tx.query`update services set created_by = ${userId} where id = ${serviceId}`;
}

/** Another name has not been confirmed to be the only one of its kind. */
export async function renameServiceRow(tx: Tx, serviceId: string, name: string): Promise<void> {
  await tx.query`update services set name = ${name}, is_confirmed_unique = false where id = ${serviceId}`;
}

/** Its keys open nothing from now on. */
export async function archiveServiceRow(tx: Tx, serviceId: string, now: Date): Promise<void> {
  await tx.query`update services set archived_at = ${now} where id = ${serviceId} and archived_at is null`;
  await tx.query`update api_keys set revoked_at = ${now} where service_id = ${serviceId} and revoked_at is null`;
}

export async function setSuspended(tx: Tx, serviceId: string, suspendedAt: Date | undefined): Promise<void> {
  await tx.query`update services set suspended_at = ${suspendedAt ?? null} where id = ${serviceId}`;
}

export interface Limits {
  rateLimitPerMinute: number;
  dailyLimitSms: number;
  dailyLimitEmail: number;
  dailyLimitInternationalSms: number;
  dailyLimitLetter: number;
  dailyLimitChat: number;
  contactsMax: number;
}

export async function findLimits(db: Db, serviceId: string): Promise<Limits | undefined> {
  const [limits] = await db.query<Limits>`
    select s.rate_limit_per_minute, s.daily_limit_sms, s.daily_limit_email, s.daily_limit_international_sms,
      s.daily_limit_letter, s.daily_limit_chat, s.contacts_max
    from services s where s.id = ${serviceId}`;
  return limits;
}

export async function updateLimits(tx: Tx, serviceId: string, limits: Limits): Promise<void> {
  await tx.query`
    update services set rate_limit_per_minute = ${limits.rateLimitPerMinute}, daily_limit_sms = ${limits.dailyLimitSms},
      daily_limit_email = ${limits.dailyLimitEmail}, daily_limit_international_sms = ${limits.dailyLimitInternationalSms},
      daily_limit_letter = ${limits.dailyLimitLetter}, daily_limit_chat = ${limits.dailyLimitChat}, contacts_max = ${limits.contactsMax}
    where id = ${serviceId}`;
}

export async function setLive(tx: Tx, serviceId: string, isLive: boolean): Promise<void> {
  await tx.query`update services set is_trial = ${!isLive} where id = ${serviceId}`;
}

export async function setOrganisation(tx: Tx, serviceId: string, organisationId: string | undefined): Promise<void> {
  await tx.query`update services set organisation_id = ${organisationId ?? null} where id = ${serviceId}`;
}

export async function findOrganisationIdOf(db: Db, serviceId: string): Promise<string | undefined> {
  const [row] = await db.query<{ organisationId: string | undefined }>`
    select s.organisation_id from services s where s.id = ${serviceId}`;
  return row?.organisationId;
}

export interface GoLiveFacts {
  isConfirmedUnique: boolean;
  yearlyVolumeSms: number | undefined;
  yearlyVolumeEmail: number | undefined;
  managers: number;
  templates: number;
  hasEmailTemplates: boolean;
  hasTextTemplates: boolean;
  hasReplyTo: boolean;
  /** Texts come from something other than what every new service's come from. */
  hasOwnTextSender: boolean;
}

export async function findGoLiveFacts(
  db: Db,
  { serviceId, defaultTextSender }: { serviceId: string; defaultTextSender: string },
): Promise<GoLiveFacts | undefined> {
  const [facts] = await db.query<GoLiveFacts>`
    select s.is_confirmed_unique, s.yearly_volume_sms, s.yearly_volume_email,
      (select count(*) from service_members m join users u on u.id = m.user_id
        where m.service_id = s.id and u.archived_at is null and 'manage_service' = any(m.permissions)) as managers,
      (select count(*) from templates t where t.service_id = s.id and t.archived_at is null and not t.is_hidden) as templates,
      exists (select from templates t where t.service_id = s.id and t.archived_at is null and t.channel = 'email') as has_email_templates,
      exists (select from templates t where t.service_id = s.id and t.archived_at is null and t.channel = 'sms') as has_text_templates,
      exists (select from reply_to_addresses r where r.service_id = s.id and r.archived_at is null) as has_reply_to,
      exists (select from text_senders t where t.service_id = s.id and t.archived_at is null and t.is_default
        and t.sender <> ${defaultTextSender}) as has_own_text_sender
    from services s where s.id = ${serviceId}`;
  return facts;
}

export async function setConfirmedUnique(tx: Tx, serviceId: string): Promise<void> {
  await tx.query`update services set is_confirmed_unique = true where id = ${serviceId}`;
}

export async function setVolumes(
  tx: Tx,
  serviceId: string,
  volumes: { yearlyVolumeSms: number; yearlyVolumeEmail: number },
): Promise<void> {
  await tx.query`
    update services set yearly_volume_sms = ${volumes.yearlyVolumeSms}, yearly_volume_email = ${volumes.yearlyVolumeEmail}
    where id = ${serviceId}`;
}

/** Estimates, where they were made. */
export async function findYearlyVolumes(
  db: Db,
  serviceId: string,
): Promise<{ sms: number | undefined; email: number | undefined }> {
  const [volumes] = await db.query<{ sms: number | undefined; email: number | undefined }>`
    select s.yearly_volume_sms as sms, s.yearly_volume_email as email from services s where s.id = ${serviceId}`;
  return volumes ?? { sms: undefined, email: undefined };
}
