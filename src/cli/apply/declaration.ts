/** What a file may say: everything that is set up as code. A field that is left out stays as it is. */

import { parseWeekTimes } from "../../core/calendar/week-times.ts";
import { KEEPINGS } from "../../core/content/keeping.ts";
import { BRAND_STYLES } from "../../core/email/email-brand.ts";
import { parseFilesContact } from "../../core/files/files-contact.ts";
import { parseLinkText, WEEKS } from "../../core/files/template-file.ts";
import { HOME_POSTAGES } from "../../core/letter/postage.ts";
import { PRIORITIES } from "../../core/routing/route-rule.ts";
import { SENDER_TYPES } from "../../core/senders/sender-type.ts";
import { BUDGET_AMOUNT } from "../../flow/services/settings.ts";
import { parseNetwork } from "../../platform/http/networks.ts";
import { parseGuest } from "../../records/guest-list/guest-list-store.ts";
import { parseInboundNumber } from "../../records/inbound-numbers/inbound-number-store.ts";
import { PROVIDER_KINDS } from "../../records/providers/provider-store.ts";
import { MEMBER_PERMISSIONS } from "../../records/services/member-store.ts";
import { CALLBACK_KINDS, type CallbackKind } from "../../records/services/service.ts";
import { isSystemId, SMPP_LIMITS, SMPP_PASSWORD_CHARACTERS } from "../../records/smpp-accounts/smpp-account.ts";
import { parseUserEmail, parseUserMobile } from "../../records/users/user-store.ts";
import { ALERT_RULE } from "./declare-alerts.ts";
import { AREA } from "./declare-areas.ts";
import { CHAT_PRICES, WHATSAPP_TEMPLATE } from "./declare-chat.ts";
import { CONNECTION } from "./declare-connections.ts";
import { CONTENT_RULE, FLOOD_RULE, GUARDS } from "./declare-guards.ts";
import { INSTALLATION } from "./declare-installation.ts";
import { BALANCE, CURRENCY, EXCHANGE_RATE, PRICE, pricesByPlace } from "./declare-money.ts";
import { INBOUND_KEYWORD, REPLIES } from "./declare-replies.ts";
import {
  country,
  PROTECTED_NAME,
  SENDER_APPROVAL,
  SENDER_POOL,
  SENDER_RULE,
  SHARED_SENDER,
  TEXT_SENDER,
} from "./declare-senders.ts";
import {
  anything,
  file,
  flag,
  id,
  integer,
  listOf,
  object,
  oneOf,
  optional,
  orNone,
  type Place,
  parsed,
  type Read,
  recordOf,
  refuseAt,
  secret,
  text,
} from "./read.ts";

const LIMIT_MAX = 2_000_000_000;
const RETENTION_MAX_DAYS = 90;
const WEIGHT_MAX = 100;
const POSITION_MAX = 999;
const CALLBACK_TOKEN_MIN_CHARACTERS = 10;
const NAME_MAX_CHARACTERS = 143;
const PAGES_NAME_MAX_CHARACTERS = 255;

const CHANNELS = ["sms", "email", "letter", "chat"] as const;
const KEY_KINDS = ["live", "team", "test"] as const;
const PERMISSIONS = [
  ...CHANNELS,
  "international_sms",
  "international_letters",
  "sms_to_uk_landlines",
  "inbound_sms",
  "free_text_replies",
] as const;

const limit = optional(integer(0, LIMIT_MAX));
const retention = optional(integer(1, RETENTION_MAX_DAYS));
const email = parsed(parseUserEmail, "must be an email address");
const name = checked(
  (value) => value.length <= NAME_MAX_CHARACTERS,
  `must be ${NAME_MAX_CHARACTERS} characters or fewer`,
);
const pagesName = checked((value) => value.length <= PAGES_NAME_MAX_CHARACTERS, "must be 255 characters or fewer");
const hostName = checked(
  (value) => /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}$/.test(value),
  "must be a domain in small letters",
);

function filesContact(value: string) {
  const contact = parseFilesContact(value);
  return typeof contact === "string" ? undefined : contact;
}

const ORGANISATION = object({ id: optional(id), name, balance: optional(BALANCE) });

const USER = object({
  id: optional(id),
  email,
  name: optional(name),
  mobile: optional(parsed(parseUserMobile, "must be a mobile number in full, in quotes")),
  platform_admin: optional(flag),
  password: optional(secret),
});

const API_KEY = object({ id: optional(id), name, kind: oneOf(KEY_KINDS), secret: optional(secret) });

const SMPP_ACCOUNT = object({
  id: optional(id),
  system_id: checked(isSystemId, "must be 3 to 15 small letters, digits, hyphens and underscores"),
  kind: oneOf(KEY_KINDS),
  password: optional(exactly(secret, SMPP_PASSWORD_CHARACTERS)),
  allowed_networks: optional(listOf(parsed(parseNetwork, "must be an address or a network such as 192.0.2.0/24"))),
  binds: optional(integer(1, SMPP_LIMITS.bindsMax)),
  window: optional(integer(1, SMPP_LIMITS.windowMax)),
  rate_per_second: optional(integer(1, SMPP_LIMITS.ratePerSecond)),
  replies: optional(flag),
  default_alphabet: optional(oneOf(["gsm7", "latin1"])),
});

const REPLY_TO = object({ id: optional(id), address: email, default: optional(flag) });

const CALLBACK_FIELDS = object({
  id: optional(id),
  kind: optional(oneOf(CALLBACK_KINDS)),
  kinds: optional(listOf(oneOf(CALLBACK_KINDS))),
  url: checked(isCallbackUrl, "must be a complete URL that begins with https://"),
  bearer_token: long(secret, CALLBACK_TOKEN_MIN_CHARACTERS),
  signing_secret: optional(secret),
});

/** Of one kind, or of several. */
const CALLBACK: Read<Omit<ReturnType<typeof CALLBACK_FIELDS>, "kind" | "kinds"> & { kinds: CallbackKind[] }> = (
  place,
) => {
  const { kind, kinds, ...declared } = CALLBACK_FIELDS(place);
  const all = kinds ?? (kind === undefined ? [] : [kind]);
  if (all.length === 0) refuseAt(place, "must have a kind, or several kinds");
  if (kind !== undefined && kinds !== undefined) refuseAt(place, "must have a kind or kinds, not both");
  return { ...declared, kinds: CALLBACK_KINDS.filter((one) => all.includes(one)) };
};

const INBOUND_NUMBER = object({
  number: parsed(parseInboundNumber, "must be a number in full, in quotes"),
  active: optional(flag),
});

const MEMBER = object({ email, permissions: listOf(oneOf(MEMBER_PERMISSIONS)) });

const ATTACHED_PAGES = object({ file, name: optional(pagesName) });

const TEMPLATE_FILE = object({
  file,
  name: optional(text),
  link_text: optional(linkText),
  retention_weeks: optional(integer(WEEKS.min, WEEKS.max)),
  asks_for_address: optional(flag),
});

const TEMPLATE = object({
  id: optional(id),
  channel: oneOf(CHANNELS),
  name: text,
  subject: optional(text),
  body: text,
  postage: optional(oneOf(HOME_POSTAGES)),
  contact_block: optional(text),
  welsh_subject: optional(text),
  welsh_body: optional(text),
  attached_pages: optional(orNone(ATTACHED_PAGES)),
  unsubscribe_link: optional(flag),
  files: optional(listOf(TEMPLATE_FILE)),
  hidden: optional(flag),
  keeps: optional(oneOf(KEEPINGS)),
  whatsapp: WHATSAPP_TEMPLATE,
});

const EMAIL_BRAND = object({
  logo: file,
  alternative_text: text,
  banner_colour: optional(orNone(text)),
  style: optional(oneOf(BRAND_STYLES)),
});
const LETTER_LOGO = object({ logo: file, description: text });

const SERVICE = object({
  id: optional(id),
  name,
  organisation: optional(text),
  live: optional(flag),
  permissions: optional(listOf(oneOf(PERMISSIONS))),
  text_mode: optional(oneOf(["gsm", "unicode"])),
  prefix_texts: optional(flag),
  refuse_roaming: optional(flag),
  require_country: optional(flag),
  email_sender: optional(
    checked(
      (value) => /^[a-z0-9]+([._-][a-z0-9]+)*$/.test(value) && value.length <= 64,
      "must be the part of an address before the @",
    ),
  ),
  sending_domain: optional(hostName),
  files_contact: optional(
    parsed(filesContact, "must be a web address in full, an email address, or a phone number in quotes"),
  ),
  email_brand: optional(orNone(EMAIL_BRAND)),
  letter_logo: optional(orNone(LETTER_LOGO)),
  monthly_budget: optional(orNone(integer(BUDGET_AMOUNT.min, BUDGET_AMOUNT.max))),
  budget_stops: optional(flag),
  daily_spend_limit: optional(orNone(integer(BUDGET_AMOUNT.min, BUDGET_AMOUNT.max))),
  ...GUARDS,
  limits: optional(
    object({
      requests_per_minute: limit,
      sms_per_day: limit,
      email_per_day: limit,
      letter_per_day: limit,
      chat_per_day: limit,
      international_sms_per_day: limit,
      contacts: limit,
    }),
  ),
  retention_days: optional(object({ sms: retention, email: retention, letter: retention, chat: retention })),
  keys: optional(listOf(API_KEY)),
  smpp_accounts: optional(listOf(SMPP_ACCOUNT)),
  text_senders: optional(listOf(TEXT_SENDER)),
  sender_pools: optional(listOf(SENDER_POOL)),
  reply_tos: optional(listOf(REPLY_TO)),
  callbacks: optional(listOf(CALLBACK)),
  inbound_numbers: optional(listOf(INBOUND_NUMBER)),
  replies: optional(REPLIES),
  guest_list: optional(listOf(parsed(parseGuest, "must be a phone number in quotes, or an email address"))),
  members: optional(listOf(MEMBER)),
  templates: optional(listOf(TEMPLATE)),
  connections: optional(listOf(CONNECTION)),
  areas: optional(listOf(AREA)),
  alerts: optional(listOf(ALERT_RULE)),
});

const PROVIDER = object({
  id: optional(id),
  name: checked((value) => /^[a-z0-9][a-z0-9-]{0,62}$/.test(value), "must be small letters, digits and hyphens"),
  channel: oneOf(CHANNELS),
  kind: oneOf(PROVIDER_KINDS),
  settings: recordOf(anything),
  secrets: optional(recordOf(secret)),
  /** In which it charges; left out or none: the installation's own. */
  currency: optional(orNone(CURRENCY)),
  prices: optional(pricesByPlace),
  sandbox: optional(flag),
  active: optional(flag),
});

const LOOKUP_SUPPLIER = object({
  id: optional(id),
  name: checked((value) => /^[a-z0-9][a-z0-9-]{0,62}$/.test(value), "must be small letters, digits and hyphens"),
  settings: recordOf(anything),
  secrets: optional(recordOf(secret)),
  active: optional(flag),
  sandbox: optional(flag),
});

const ROUTE = object({
  name: optional(
    checked((value) => /^[a-z0-9][a-z0-9-]{0,62}$/.test(value), "must be small letters, digits and hyphens"),
  ),
  provider: text,
  key_kinds: listOf(oneOf(KEY_KINDS)),
  international: optional(flag),
  countries: optional(listOf(country)),
  networks: optional(
    listOf(
      checked((value) => /^\d{5,6}$/.test(value), 'must be a country and network code in quotes, such as "23415"'),
    ),
  ),
  services: optional(listOf(text)),
  senders: optional(listOf(oneOf(SENDER_TYPES))),
  priorities: optional(listOf(oneOf(PRIORITIES))),
  times: optional(
    listOf(
      checked((value) => parseWeekTimes(value) !== undefined, 'must be days and times, such as "mon-fri 08:00-20:00"'),
    ),
  ),
  position: optional(integer(1, POSITION_MAX)),
  weight: optional(integer(0, WEIGHT_MAX)),
  cheapest: optional(flag),
});

const SENDING_DOMAIN = object({
  domain: hostName,
  default: optional(flag),
  dkim_selector: optional(
    checked((value) => /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/.test(value), "must be small letters, digits and hyphens"),
  ),
  dkim_private_key: optional(secret),
  bounce_domain: optional(hostName),
});

const PRINTING = object({
  time_zone: optional(text),
  cut_off: optional(text),
  run_at: optional(text),
});

const DECLARATION = object({
  installation: optional(INSTALLATION),
  organisations: optional(listOf(ORGANISATION)),
  users: optional(listOf(USER)),
  services: optional(listOf(SERVICE)),
  providers: optional(listOf(PROVIDER)),
  lookup_suppliers: optional(listOf(LOOKUP_SUPPLIER)),
  routes: optional(listOf(ROUTE)),
  country_orders: optional(
    gone(
      'is gone: write a route with a position for each, such as { provider: northline, countries: ["33"], position: 1 }',
    ),
  ),
  prices: optional(listOf(PRICE)),
  exchange_rates: optional(listOf(EXCHANGE_RATE)),
  chat_prices: optional(CHAT_PRICES),
  alerts: optional(listOf(ALERT_RULE)),
  content_rules: optional(listOf(CONTENT_RULE)),
  flood_guard: optional(listOf(FLOOD_RULE)),
  sending_domains: optional(listOf(SENDING_DOMAIN)),
  printing: optional(PRINTING),
  sender_approval: optional(SENDER_APPROVAL),
  sender_rules: optional(listOf(SENDER_RULE)),
  protected_names: optional(listOf(PROTECTED_NAME)),
  shared_senders: optional(listOf(SHARED_SENDER)),
  inbound_keywords: optional(listOf(INBOUND_KEYWORD)),
});

export type Declaration = ReturnType<typeof DECLARATION>;
type ListIn<Of, Name extends keyof Of> = NonNullable<Of[Name]> extends readonly (infer Item)[] ? Item : never;
export type DeclaredOrganisation = ListIn<Declaration, "organisations">;
export type DeclaredUser = ListIn<Declaration, "users">;
export type DeclaredService = ListIn<Declaration, "services">;
export type DeclaredTemplate = ListIn<DeclaredService, "templates">;
export type DeclaredConnection = ListIn<DeclaredService, "connections">;
export type DeclaredAlert = ListIn<Declaration, "alerts">;
export type DeclaredContentRule = ListIn<Declaration, "content_rules">;
export type DeclaredFloodRule = ListIn<Declaration, "flood_guard">;
export type DeclaredExchangeRate = ListIn<Declaration, "exchange_rates">;
export type DeclaredPrice = ListIn<Declaration, "prices">;
export type DeclaredProvider = ListIn<Declaration, "providers">;
export type DeclaredLookupSupplier = ListIn<Declaration, "lookup_suppliers">;
export type DeclaredRoute = ListIn<Declaration, "routes">;
export type DeclaredPrinting = NonNullable<Declaration["printing"]>;
export type DeclaredSendingDomain = ListIn<Declaration, "sending_domains">;

/** Reads a whole declaration. Refuses the first thing that is wrong, with its place. */
export function readDeclaration(place: Place): Declaration {
  return DECLARATION(place);
}

/** What files could say once. */
function gone(message: string): Read<never> {
  return (place) => refuseAt(place, message);
}

function checked(fits: (value: string) => boolean, message: string): Read<string> {
  return parsed((value) => (fits(value) ? value : undefined), message);
}

function long(read: Read<string>, minCharacters: number): Read<string> {
  return (place) => {
    const value = read(place);
    return value.length >= minCharacters ? value : refuseAt(place, `must be at least ${minCharacters} characters`);
  };
}

/** Empty: the link's own address. */
function linkText(place: Place): string {
  const { value } = place;
  const text = typeof value === "string" ? parseLinkText(value) : undefined;
  return text ?? refuseAt(place, "must be up to 255 characters without brackets; empty shows the link itself");
}

function exactly(read: Read<string>, characters: number): Read<string> {
  return (place) => {
    const value = read(place);
    return value.length === characters ? value : refuseAt(place, `must be ${characters} characters`);
  };
}

/** Plain HTTP is for networks the operator has listed; whether this one is, the guard says when the callback is made. */
function isCallbackUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).username === "";
}
