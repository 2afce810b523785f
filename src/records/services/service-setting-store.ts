/** Settings of one service, read and changed one at a time by people. */
import type { UndoLane } from "../../core/delivery/undo-window.ts";
import type { Db, Tx } from "../../platform/db.ts";
import type { Permission, TextMode } from "./service.ts";

export interface PageSettings {
  permissions: readonly Permission[];
  textMode: TextMode;
  prefixesTexts: boolean;
  refusesRoaming: boolean;
  requiresCountry: boolean;
  emailSenderLocalPart: string | undefined;
  filesContact: string | undefined;
  rateLimitPerMinute: number;
  dailyLimitSms: number;
  dailyLimitEmail: number;
  dailyLimitLetter: number;
  dailyLimitChat: number;
  dailyLimitInternationalSms: number;
  retentionDaysSms: number;
  retentionDaysEmail: number;
  retentionDaysLetter: number;
  retentionDaysChat: number;
  failingPercent: number;
  monthlyBudget: number | undefined;
  budgetStops: boolean;
  dailySpendLimit: number | undefined;
  /** Unset: as the installation has it. */
  repeatLimitSame: number | undefined;
  repeatLimitAny: number | undefined;
  quietFrom: string | undefined;
  quietUntil: string | undefined;
  suppressAfterFailures: number | undefined;
  suppressesObjectors: boolean;
  undoSeconds: number;
  undoLanes: readonly UndoLane[];
  releaseAbove: number;
  releaseAbovePounds: number;
  releaseWithinHours: number;
}

/** Held until the transaction ends, so that two changes do not undo each other. */
export async function lockSettings(tx: Tx, serviceId: string): Promise<PageSettings | undefined> {
  const [settings] = await tx.query<PageSettings>`
    select s.permissions, s.text_mode, s.prefixes_texts, s.refuses_roaming, s.requires_country,
      s.email_sender_local_part, s.files_contact, s.rate_limit_per_minute, s.daily_limit_sms,
      s.daily_limit_email, s.daily_limit_letter, s.daily_limit_chat, s.daily_limit_international_sms, s.retention_days_sms, s.retention_days_email,
      s.retention_days_letter, s.retention_days_chat, s.failing_percent, s.monthly_budget, s.budget_stops, s.daily_spend_limit, s.repeat_limit_same,
      s.repeat_limit_any, s.quiet_from, s.quiet_until, s.suppress_after_failures, s.suppresses_objectors, s.undo_seconds, s.undo_lanes,
      s.release_above, s.release_above_pounds, s.release_within_hours
    from services s where s.id = ${serviceId} and s.archived_at is null for update`;
  return settings;
}

export async function updateSettings(tx: Tx, serviceId: string, settings: PageSettings): Promise<void> {
  await tx.query`
    update services set permissions = ${settings.permissions}, text_mode = ${settings.textMode},
      prefixes_texts = ${settings.prefixesTexts}, refuses_roaming = ${settings.refusesRoaming},
      requires_country = ${settings.requiresCountry}, email_sender_local_part = ${settings.emailSenderLocalPart ?? null},
      files_contact = ${settings.filesContact ?? null},
      rate_limit_per_minute = ${settings.rateLimitPerMinute}, daily_limit_sms = ${settings.dailyLimitSms},
      daily_limit_email = ${settings.dailyLimitEmail}, daily_limit_letter = ${settings.dailyLimitLetter},
      daily_limit_chat = ${settings.dailyLimitChat},
      daily_limit_international_sms = ${settings.dailyLimitInternationalSms}, retention_days_sms = ${settings.retentionDaysSms},
      retention_days_email = ${settings.retentionDaysEmail}, retention_days_letter = ${settings.retentionDaysLetter},
      retention_days_chat = ${settings.retentionDaysChat},
      failing_percent = ${settings.failingPercent}, monthly_budget = ${settings.monthlyBudget ?? null},
      budget_stops = ${settings.budgetStops}, daily_spend_limit = ${settings.dailySpendLimit ?? null},
      repeat_limit_same = ${settings.repeatLimitSame ?? null}, repeat_limit_any = ${settings.repeatLimitAny ?? null},
      quiet_from = ${settings.quietFrom ?? null}, quiet_until = ${settings.quietUntil ?? null},
      suppress_after_failures = ${settings.suppressAfterFailures ?? null}, suppresses_objectors = ${settings.suppressesObjectors},
      undo_seconds = ${settings.undoSeconds}, undo_lanes = ${settings.undoLanes}, release_above = ${settings.releaseAbove},
      release_above_pounds = ${settings.releaseAbovePounds}, release_within_hours = ${settings.releaseWithinHours}
    where id = ${serviceId}`;
}

/** What the service itself says of texts that repeat. */
export async function findRepeatLimits(
  db: Db,
  serviceId: string,
): Promise<{ same: number | undefined; any: number | undefined }> {
  const [limits] = await db.query<{ same: number | undefined; any: number | undefined }>`
    select s.repeat_limit_same as same, s.repeat_limit_any as any from services s where s.id = ${serviceId}`;
  return limits ?? { same: undefined, any: undefined };
}

/** A number nobody has, now this service's; undefined when the pool is empty. */
export async function takeNumberFromPool(tx: Tx, serviceId: string): Promise<string | undefined> {
  const [taken] = await tx.query<{ number: string }>`
    update inbound_numbers set service_id = ${serviceId} where number = (
      select i.number from inbound_numbers i where i.service_id is null and i.is_active
      order by i.created_at, i.number limit 1 for update skip locked)
    returning number`;
  return taken?.number;
}

export function listActiveNumbers(db: Db, serviceId: string): Promise<{ number: string }[]> {
  return db.query<{ number: string }>`
    select i.number from inbound_numbers i where i.service_id = ${serviceId} and i.is_active order by i.number`;
}
