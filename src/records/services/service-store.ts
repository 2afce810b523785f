/** A service as the database keeps it, read whole in one statement and opened with its own key. */
import { createSecretKey } from "node:crypto";
import type { ContentRule } from "../../core/content-rules/content-rule.ts";
import type { UndoLane } from "../../core/delivery/undo-window.ts";
import { parseEmailAddress } from "../../core/email/parse-email-address.ts";
import { parseFilesContact } from "../../core/files/files-contact.ts";
import { parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import type { CountrySenderRule, SenderPool } from "../../core/senders/choose-text-sender.ts";
import type { Db } from "../../platform/db.ts";
import { blindIndex, type MasterKey, open, unwrapKey } from "../../platform/sealing.ts";
import type { SmppAccount } from "../smpp-accounts/smpp-account.ts";
import {
  type ApiKey,
  type Callback,
  floodKey,
  type KeyKind,
  type Permission,
  type ReplyToAddress,
  type Service,
  type ServiceFloodRule,
  type TextSender,
} from "./service.ts";

/** A revoked key is told apart from an unknown one for this long. */
const REVOKED_KEYS_REMEMBERED_DAYS = 7;
/** What is stopped beyond them is found out by what was counted. */
const FLOOD_STOPS_MAX = 1_000;

export interface OpeningKeys {
  master: MasterKey;
  /** Key of the blind index over recipients, one for the deployment. */
  searchIndex: Buffer;
}

/** Where each sealed value belongs: bound into its seal, so that it opens nowhere else. */
export const sealedAt = {
  apiKey: (id: string) => `api_keys:${id}`,
  callbackToken: (id: string) => `callbacks.bearer_token:${id}`,
  callbackSecret: (id: string) => `callbacks.signing_secret:${id}`,
  guest: (serviceId: string) => `guest_list:${serviceId}`,
  notification: (id: string) => `notifications:${id}`,
  inboundMessage: (id: string) => `inbound_messages:${id}`,
  unsubscribeRequest: (id: string) => `unsubscribe_requests:${id}`,
  suppression: (id: string) => `suppressions:${id}`,
  contact: (id: string) => `contacts:${id}`,
  groupSend: (id: string) => `group_sends:${id}`,
  importDraft: (id: string) => `contact_import_drafts:${id}`,
  senderApplication: (id: string) => `sender_applications:${id}`,
  senderApplicationMove: (id: string) => `sender_application_moves:${id}`,
  consent: (id: string) => `contact_consents:${id}`,
};

interface ServiceRow {
  id: string;
  organisationId: string | undefined;
  name: string;
  permissions: Permission[];
  isTrial: boolean;
  archivedAt: Date | undefined;
  suspendedAt: Date | undefined;
  textMode: Service["textMode"];
  prefixesTexts: boolean;
  refusesRoaming: boolean;
  requiresCountry: boolean;
  emailSenderLocalPart: string | undefined;
  emailSendingDomain: string | undefined;
  emailBrandId: string | undefined;
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
  hasBalance: boolean;
  repeatLimitSame: number;
  repeatLimitAny: number;
  quietFrom: string | undefined;
  quietUntil: string | undefined;
  undoSeconds: number;
  undoLanes: UndoLane[];
  releaseAbove: number;
  releaseAbovePounds: number;
  releaseWithinHours: number;
  hasSuppressions: boolean;
  suppressAfterFailures: number | undefined;
  suppressesObjectors: boolean;
  wrappedKey: Buffer;
  contentRules: ContentRule[];
  floodRules: ServiceFloodRule[];
  floodStops: { ruleId: string; subject: string; endsAt: string | null }[];
  keys: {
    id: string;
    name: string;
    kind: KeyKind;
    sealedSecret: string;
    revokedAt: string | null;
    expiresAt: string | null;
    allowedNetworks: string[];
  }[];
  textSenders: TextSender[];
  senderPools: SenderPool[];
  senderRules: CountrySenderRule[];
  replyToAddresses: ReplyToAddress[];
  callbacks: (Pick<Callback, "id" | "endpointId" | "kinds" | "url"> & {
    pausedAt: string | null;
    sealedToken: string;
    sealedSecret: string;
  })[];
  smppAccounts: SmppAccount[];
  guestIndexes: string[];
  members: { emailAddress: string; mobileNumber: string | null }[];
}

/** The service with its keys, senders, callbacks and allowed recipients; undefined when there is none of that id. */
export async function findService(db: Db, keys: OpeningKeys, id: string): Promise<Service | undefined> {
  const [row] = await selectService(db, id);
  return row && openService(row, keys);
}

function selectService(db: Db, id: string): Promise<ServiceRow[]> {
  return db.query<ServiceRow>`
    select s.id, s.organisation_id, s.name, s.permissions, s.is_trial, s.archived_at, s.suspended_at, s.text_mode, s.prefixes_texts,
      s.refuses_roaming, s.requires_country,
      s.email_sender_local_part,
      coalesce(s.email_sending_domain, (select d.domain from sending_domains d where d.is_default)) as email_sending_domain,
      (select u.brand_id from service_brands u where u.service_id = s.id and u.channel = 'email') as email_brand_id,
      s.files_contact, s.rate_limit_per_minute,
      s.daily_limit_sms, s.daily_limit_email, s.daily_limit_letter, s.daily_limit_chat, s.daily_limit_international_sms,
      s.retention_days_sms, s.retention_days_email, s.retention_days_letter, s.retention_days_chat, s.failing_percent,
      s.monthly_budget, s.budget_stops, s.daily_spend_limit, s.wrapped_key,
      exists (select from organisation_balances b where b.organisation_id = s.organisation_id and b.is_on) as has_balance,
      coalesce(s.repeat_limit_same, (select (d.settings -> 'repeatLimits' ->> 'same')::integer from deployment d), 0) as repeat_limit_same,
      coalesce(s.repeat_limit_any, (select (d.settings -> 'repeatLimits' ->> 'any')::integer from deployment d), 0) as repeat_limit_any,
      s.quiet_from, s.quiet_until, s.undo_seconds, s.undo_lanes, s.release_above, s.release_above_pounds,
      s.release_within_hours, s.suppress_after_failures, s.suppresses_objectors,
      exists (select from suppressions p where p.service_id = s.id) as has_suppressions,
      array(select json_build_object('id', k.id, 'name', k.name, 'kind', k.kind,
          'sealedSecret', encode(k.sealed_secret, 'base64'), 'revokedAt', k.revoked_at,
          'expiresAt', k.expires_at, 'allowedNetworks', k.allowed_networks)
        from api_keys k
        where k.service_id = s.id
          and (k.revoked_at is null or k.revoked_at > now() - ${REVOKED_KEYS_REMEMBERED_DAYS}::integer * interval '1 day')
        order by k.created_at) as keys,
      array(select json_build_object('id', t.id, 'sender', t.sender, 'isDefault', t.is_default, 'isShared', t.shared_id is not null,
          'registeredCountries', coalesce(h.registered_countries, t.registered_countries))
        from text_senders t left join shared_senders h on h.id = t.shared_id
        where t.service_id = s.id and t.archived_at is null and (t.shared_id is null or h.organisation_id = s.organisation_id)
        order by t.created_at, t.id) as text_senders,
      array(select json_build_object('id', p.id, 'name', p.name, 'senderIds', p.sender_ids, 'isDefault', p.is_default,
          'isSticky', p.is_sticky)
        from text_sender_pools p where p.service_id = s.id and p.archived_at is null order by p.created_at, p.id) as sender_pools,
      array(select json_build_object('countryPrefix', c.country_prefix, 'senderTypes', c.sender_types,
          'registeredOnly', c.registered_only, 'needsSignature', c.needs_signature)
        from country_sender_rules c where not s.is_internal) as sender_rules,
      array(select json_build_object('name', w.name, 'looksFor', w.looks_for, 'action', w.action, 'entries', w.entries, 'channels', w.channels,
          'countryPrefixes', w.country_prefixes, 'isPlatform', w.service_id is null)
        from content_rules w where w.service_id = s.id or (w.service_id is null and not s.is_internal)
        order by w.service_id is not null, w.name) as content_rules,
      array(select json_build_object('id', f.id, 'countsBy', f.counts_by, 'atLeast', f.at_least, 'timesUsual', f.times_usual,
          'windowMinutes', f.window_minutes, 'prefixDigits', f.prefix_digits, 'action', f.action, 'stopsMinutes', f.stops_minutes,
          'isPlatform', f.service_id is null)
        from flood_rules f where f.service_id = s.id or (f.service_id is null and not s.is_internal)
        order by f.service_id is not null, f.counts_by) as flood_rules,
      array(select json_build_object('ruleId', o.rule_id, 'subject', o.subject, 'endsAt', o.ends_at)
        from flood_stops o where o.service_id = s.id order by o.ends_at desc nulls first limit ${FLOOD_STOPS_MAX}) as flood_stops,
      array(select json_build_object('id', r.id, 'address', r.address, 'isDefault', r.is_default)
        from reply_to_addresses r where r.service_id = s.id and r.archived_at is null order by r.created_at, r.id) as reply_to_addresses,
      array(select json_build_object('id', c.id, 'endpointId', c.endpoint_id, 'kinds', c.kinds, 'url', c.url, 'pausedAt', c.paused_at,
          'sealedToken', encode(c.sealed_bearer_token, 'base64'), 'sealedSecret', encode(c.sealed_signing_secret, 'base64'))
        from callbacks c where c.service_id = s.id and c.replaced_at is null order by c.endpoint_id) as callbacks,
      array(select json_build_object('id', a.id, 'systemId', a.system_id, 'kind', a.kind, 'allowedNetworks', a.allowed_networks,
          'bindsMax', a.binds_max, 'windowMax', a.window_max, 'ratePerSecond', a.rate_per_second,
          'takesReplies', a.takes_replies, 'defaultAlphabet', a.default_alphabet)
        from smpp_accounts a where a.service_id = s.id and a.revoked_at is null) as smpp_accounts,
      array(select encode(g.recipient_index, 'hex') from guest_list g where g.service_id = s.id) as guest_indexes,
      array(select json_build_object('emailAddress', u.email_address, 'mobileNumber', u.mobile_number)
        from service_members m join users u on u.id = m.user_id
        where m.service_id = s.id and u.archived_at is null) as members
    from services s where s.id = ${id}`;
}

function openService(row: ServiceRow, keys: OpeningKeys): Service {
  const dataKey = unwrapKey(keys.master, row.id, row.wrappedKey);
  return {
    id: row.id,
    organisationId: row.organisationId,
    name: row.name,
    permissions: new Set(row.permissions),
    isTrial: row.isTrial,
    archivedAt: row.archivedAt,
    suspendedAt: row.suspendedAt,
    textMode: row.textMode,
    prefixesTexts: row.prefixesTexts,
    ...openCare(row),
    emailSenderLocalPart: row.emailSenderLocalPart,
    emailSendingDomain: row.emailSendingDomain,
    emailBrandId: row.emailBrandId,
    filesContact: openFilesContact(row),
    rateLimitPerMinute: row.rateLimitPerMinute,
    dailyLimits: {
      sms: row.dailyLimitSms,
      email: row.dailyLimitEmail,
      letter: row.dailyLimitLetter,
      chat: row.dailyLimitChat,
      international_sms: row.dailyLimitInternationalSms,
    },
    retentionDays: retentionOf(row),
    failingPercent: row.failingPercent,
    ...openMoney(row),
    ...guardsOf(row),
    hasSuppressions: row.hasSuppressions,
    suppressAfterFailures: row.suppressAfterFailures,
    suppressesObjectors: row.suppressesObjectors,
    dataKey,
    keys: row.keys.map((key) => openApiKey(key, dataKey)),
    ...sendersOf(row),
    replyToAddresses: row.replyToAddresses,
    callbacks: row.callbacks.map((callback) => openCallback(callback, dataKey)),
    smppAccounts: row.smppAccounts,
    allowedRecipients: new Set([
      ...row.guestIndexes,
      ...row.members.flatMap((member) => indexesOf(member, keys.searchIndex)),
    ]),
  };
}

/** What numbers it is careful with. */
function openCare({ refusesRoaming, requiresCountry }: ServiceRow) {
  return { refusesRoaming, requiresCountry };
}

function openMoney({ monthlyBudget, budgetStops, dailySpendLimit, hasBalance }: ServiceRow) {
  const spendLimits = { month: budgetStops ? monthlyBudget : undefined, day: dailySpendLimit };
  return { monthlyBudget, spendLimits, hasBalance };
}

function guardsOf(row: ServiceRow) {
  return {
    repeatLimits: { same: row.repeatLimitSame, any: row.repeatLimitAny },
    contentRules: row.contentRules,
    floodRules: row.floodRules,
    floodStops: openFloodStops(row),
    quietHours: openQuietHours(row),
    undo: { seconds: row.undoSeconds, lanes: row.undoLanes },
    release: {
      ...{ above: row.releaseAbove, abovePounds: row.releaseAbovePounds },
      withinHours: row.releaseWithinHours,
    },
  };
}

function retentionOf(row: ServiceRow): Service["retentionDays"] {
  return {
    sms: row.retentionDaysSms,
    email: row.retentionDaysEmail,
    letter: row.retentionDaysLetter,
    chat: row.retentionDaysChat,
  };
}

function sendersOf({ textSenders, senderPools, senderRules }: ServiceRow) {
  return { textSenders, senderPools, senderRules: new Map(senderRules.map((rule) => [rule.countryPrefix, rule])) };
}

function openFloodStops({ floodStops }: ServiceRow): Service["floodStops"] {
  const stops = new Map<string, Date | "never">();
  for (const { ruleId, subject, endsAt } of floodStops)
    stops.set(floodKey(ruleId, subject), endsAt === null ? "never" : new Date(endsAt));
  return stops;
}

function openQuietHours({ quietFrom: from, quietUntil: until }: ServiceRow): Service["quietHours"] {
  return from === undefined || until === undefined ? undefined : { from, until };
}

/** It was checked when it was entered. */
function openFilesContact({ filesContact = "" }: ServiceRow): Service["filesContact"] {
  const contact = parseFilesContact(filesContact);
  return typeof contact === "string" ? undefined : contact;
}

function openApiKey(key: ServiceRow["keys"][number], dataKey: Buffer): ApiKey {
  const secret = open({ key: dataKey, belongsTo: sealedAt.apiKey(key.id) }, Buffer.from(key.sealedSecret, "base64"));
  return {
    id: key.id,
    name: key.name,
    kind: key.kind,
    secret: createSecretKey(secret),
    revokedAt: key.revokedAt ? new Date(key.revokedAt) : undefined,
    expiresAt: key.expiresAt ? new Date(key.expiresAt) : undefined,
    allowedNetworks: key.allowedNetworks,
  };
}

function openCallback(row: ServiceRow["callbacks"][number], dataKey: Buffer): Callback {
  const opened = (sealed: string, belongsTo: string) =>
    open({ key: dataKey, belongsTo }, Buffer.from(sealed, "base64")).toString();
  return {
    id: row.id,
    endpointId: row.endpointId,
    kinds: row.kinds,
    url: row.url,
    pausedAt: row.pausedAt ? new Date(row.pausedAt) : undefined,
    bearerToken: opened(row.sealedToken, sealedAt.callbackToken(row.id)),
    signingSecret: opened(row.sealedSecret, sealedAt.callbackSecret(row.id)),
  };
}

/** A team member may always be sent to, at the address and number of their account. */
function indexesOf(member: ServiceRow["members"][number], searchIndexKey: Buffer): string[] {
  const email = parseEmailAddress(member.emailAddress);
  const mobile = member.mobileNumber ? parsePhoneNumber(member.mobileNumber) : undefined;
  const recipients = [
    typeof email === "string" ? "" : email.normalised,
    typeof mobile === "object" ? mobile.digits : "",
  ];
  return recipients.filter(Boolean).map((recipient) => blindIndex(searchIndexKey, recipient).toString("hex"));
}
