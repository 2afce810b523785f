/** What is set of a service: read, made and changed by the admin and the command line. The flow reads services whole elsewhere. */
import type { UndoLane } from "../../core/delivery/undo-window.ts";
import type { Db, Tx } from "../../platform/db.ts";
import type { Permission, TextMode } from "./service.ts";

export interface ServiceSettings {
  id: string;
  organisationId: string | undefined;
  name: string;
  permissions: readonly Permission[];
  isTrial: boolean;
  textMode: TextMode;
  prefixesTexts: boolean;
  refusesRoaming: boolean;
  requiresCountry: boolean;
  emailSenderLocalPart: string | undefined;
  emailSendingDomain: string | undefined;
  filesContact: string | undefined;
  /** A whole amount for texts; undefined: none. */
  monthlyBudget: number | undefined;
  /** Its texts are refused once its budget is spent. */
  budgetStops: boolean;
  /** A whole amount for texts in a day, at which they are refused; undefined: none. */
  dailySpendLimit: number | undefined;
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
  contactsMax: number;
}

/** What a new service has when nothing else is said; the same as the table's own defaults. */
export const NEW_SERVICE = {
  organisationId: undefined,
  permissions: ["sms", "email", "letter"],
  isTrial: true,
  textMode: "unicode",
  prefixesTexts: true,
  refusesRoaming: false,
  requiresCountry: false,
  emailSenderLocalPart: undefined,
  emailSendingDomain: undefined,
  filesContact: undefined,
  monthlyBudget: undefined,
  budgetStops: false,
  dailySpendLimit: undefined,
  rateLimitPerMinute: 3_000,
  dailyLimitSms: 250_000,
  dailyLimitEmail: 250_000,
  dailyLimitLetter: 20_000,
  dailyLimitChat: 250_000,
  dailyLimitInternationalSms: 100,
  retentionDaysSms: 7,
  retentionDaysEmail: 7,
  retentionDaysLetter: 7,
  retentionDaysChat: 7,
  repeatLimitSame: undefined,
  repeatLimitAny: undefined,
  quietFrom: undefined,
  quietUntil: undefined,
  suppressAfterFailures: undefined,
  suppressesObjectors: false,
  undoSeconds: 0,
  undoLanes: [],
  releaseAbove: 0,
  releaseAbovePounds: 0,
  releaseWithinHours: 24,
  contactsMax: 1_000_000,
} as const satisfies Omit<ServiceSettings, "id" | "name">;

/** Services in use, with the key that seals their personal data as it is kept, wrapped. */
export function listServices(db: Db): Promise<(ServiceSettings & { wrappedKey: Buffer })[]> {
  return db.query<ServiceSettings & { wrappedKey: Buffer }>`
    select s.id, s.organisation_id, s.name, s.permissions, s.is_trial, s.text_mode, s.prefixes_texts, s.refuses_roaming, s.requires_country,
      s.email_sender_local_part,
      s.email_sending_domain, s.files_contact, s.monthly_budget, s.budget_stops, s.daily_spend_limit,
      s.rate_limit_per_minute, s.daily_limit_sms, s.daily_limit_email, s.daily_limit_letter, s.daily_limit_chat,
      s.daily_limit_international_sms, s.retention_days_sms, s.retention_days_email, s.retention_days_letter, s.retention_days_chat,
      s.repeat_limit_same, s.repeat_limit_any, s.quiet_from, s.quiet_until,
      s.suppress_after_failures, s.suppresses_objectors, s.undo_seconds, s.undo_lanes,
      s.release_above, s.release_above_pounds, s.release_within_hours, s.contacts_max, s.wrapped_key
    from services s where s.archived_at is null and not s.is_internal order by s.name, s.id`;
}

export async function insertService(tx: Tx, service: ServiceSettings, wrappedKey: Buffer): Promise<void> {
  await tx.query`insert into services (id, name, wrapped_key) values (${service.id}, ${service.name}, ${wrappedKey})`;
  await updateService(tx, service);
}

export async function updateService(tx: Tx, service: ServiceSettings): Promise<void> {
  await tx.query`
    update services set name = ${service.name}, organisation_id = ${service.organisationId ?? null},
      permissions = ${service.permissions}, is_trial = ${service.isTrial}, text_mode = ${service.textMode},
      prefixes_texts = ${service.prefixesTexts}, refuses_roaming = ${service.refusesRoaming},
      requires_country = ${service.requiresCountry}, email_sender_local_part = ${service.emailSenderLocalPart ?? null},
      email_sending_domain = ${service.emailSendingDomain ?? null},
      files_contact = ${service.filesContact ?? null}, monthly_budget = ${service.monthlyBudget ?? null},
      budget_stops = ${service.budgetStops}, daily_spend_limit = ${service.dailySpendLimit ?? null},
      rate_limit_per_minute = ${service.rateLimitPerMinute},
      daily_limit_sms = ${service.dailyLimitSms}, daily_limit_email = ${service.dailyLimitEmail},
      daily_limit_letter = ${service.dailyLimitLetter}, daily_limit_chat = ${service.dailyLimitChat},
      daily_limit_international_sms = ${service.dailyLimitInternationalSms},
      retention_days_sms = ${service.retentionDaysSms}, retention_days_email = ${service.retentionDaysEmail},
      retention_days_letter = ${service.retentionDaysLetter}, retention_days_chat = ${service.retentionDaysChat},
      repeat_limit_same = ${service.repeatLimitSame ?? null}, repeat_limit_any = ${service.repeatLimitAny ?? null},
      quiet_from = ${service.quietFrom ?? null}, quiet_until = ${service.quietUntil ?? null},
      suppress_after_failures = ${service.suppressAfterFailures ?? null}, suppresses_objectors = ${service.suppressesObjectors},
      undo_seconds = ${service.undoSeconds}, undo_lanes = ${service.undoLanes}, release_above = ${service.releaseAbove},
      release_above_pounds = ${service.releaseAbovePounds}, release_within_hours = ${service.releaseWithinHours},
      contacts_max = ${service.contactsMax}
    where id = ${service.id}`;
}
