/** The bodies the API answers with. Times are UTC, as `2026-11-22T12:00:00.000000Z`. */

export type NotificationType = "sms" | "email" | "letter" | "chat";
export type Postage = "first" | "second" | "economy" | "europe" | "rest-of-world";

export type NotificationStatus =
  | "created"
  | "sending"
  | "pending"
  | "sent"
  | "delivered"
  | "failed"
  | "temporary-failure"
  | "permanent-failure"
  | "technical-failure"
  | "accepted"
  | "received"
  | "cancelled"
  | "pending-virus-check"
  | "virus-scan-failed"
  | "validation-failed"
  | "returned-letter";

export interface TemplateReference {
  id: string;
  version: number;
  uri: string;
}

interface Sent<Content> {
  id: string;
  reference: string | null;
  content: Content;
  uri: string;
  template: TemplateReference;
  scheduled_for: string | null;
  /** Of words that are not kept, where `noStore` was `"hash"`. */
  content_hash?: string;
}

export type SentSms = Sent<{ body: string; from_number: string }>;

export interface SentEmail
  extends Sent<{ subject: string; body: string; from_email: string; one_click_unsubscribe_url: string | null }> {
  /** The personalisation that was changed by `sanitiseContentFor`. */
  sanitised_content: Record<string, { unsanitised: string; sanitised: string }>;
}

export type SentChat = Sent<{ body: string; app: string }>;

export type SentLetter = Sent<{ subject: string; body: string }>;

export interface SentPrecompiledLetter {
  id: string;
  reference: string;
  postage: Postage;
}

export interface Notification {
  id: string;
  reference: string | null;
  type: NotificationType;
  status: NotificationStatus;
  email_address: string | null;
  phone_number: string | null;
  line_1: string | null;
  line_2: string | null;
  line_3: string | null;
  line_4: string | null;
  line_5: string | null;
  line_6: string | null;
  postcode: string | null;
  template: TemplateReference;
  subject: string | null;
  body: string;
  created_at: string;
  created_by_name: string | null;
  sent_at: string | null;
  completed_at: string | null;
  scheduled_for: string | null;
  postage: Postage | null;
  one_click_unsubscribe_url: string | null;
  /** Of words that are not kept; `body` is empty then. */
  content_hash?: string;
  is_cost_data_ready: boolean;
  /** Null also where the installation charges in another currency. */
  cost_in_pounds: number | null;
  /** In `currency`; null until it is known. */
  cost: number | null;
  /** ISO 4217: "GBP". */
  currency: string;
  cost_details: CostDetails;
  /** Letters only. */
  estimated_delivery?: string;
}

export interface Verification {
  id: string;
  reference: string | null;
  status: "pending" | "verified" | "expired" | "too-many-attempts";
  created_at: string;
  /** When the last of its codes is no longer good. */
  expires_at: string;
  verified_at: string | null;
  verified_by: "sms" | "email" | null;
  attempts_left: number;
  /** When another code may be asked for; null: none. */
  resend_after: string | null;
  notifications: { id: string; type: "sms" | "email"; created_at: string; uri: string }[];
  uri: string;
}

/** Switched on · switched off or out of reach · nobody’s number · not told. */
export type NetworkStatus = "ON" | "OFF" | "INVALID" | "UNKNOWN";

export interface NumberLookup {
  /** As it was given. */
  phone_number: string;
  is_valid: boolean;
  /** Why nothing can be sent there. */
  reason: "too-short" | "too-long" | "unknown-character" | "unsupported-country" | "invalid" | null;
  message: string | null;
  /** In international form. */
  number: string | null;
  type: "mobile" | "landline" | "mobile-or-landline" | "personal-number" | null;
  /** ISO 3166-1. */
  country: string | null;
  country_name: string | null;
  country_prefix: string | null;
  is_international: boolean | null;
  rate_multiplier: number | null;
  /** `UNKNOWN` where no network was asked, or none has answered. */
  status: NetworkStatus;
  is_roaming: boolean | null;
  is_ported: boolean | null;
  /** Country and network code, as the other networks. */
  current_network: string | null;
  original_network: string | null;
  ported_network: string | null;
  roaming_network: string | null;
  looked_up_at: string | null;
}

export type SuppressionReason =
  | "asked-to-stop"
  | "unsubscribed"
  | "complaint"
  | "permanent-failure"
  | "by-hand"
  | "imported";

export interface Suppression {
  id: string;
  channel: "sms" | "email";
  phone_number: string | null;
  email_address: string | null;
  reason: SuppressionReason;
  /** By whom or what it was made. */
  source: "user" | "import" | "api-key" | "receipt" | "complaint" | "unsubscribe-link" | "inbound-text";
  created_at: string;
  uri: string;
}

export interface SuppressionPage {
  suppressions: Suppression[];
  links: PageLinks;
}

/** What texts would cost; amounts are in `currency`. */
export interface PriceEstimate {
  currency: string;
  total: number;
  /** Texts that would be accepted. */
  messages: number;
  parts: number;
  invalid: number;
  /** Recipients on the suppression list: no text is accepted for them. */
  suppressed: number;
  /** What would become of the texts, as far as it can be told beforehand. */
  forecast: {
    /** Null while too few have been sent to tell. */
    delivered: number | null;
    cost_of_undelivered: number | null;
    networks_asked: number;
    no_such_number: number;
    switched_off: number;
    roaming: number;
  };
  /** In the order they were given. */
  recipients: (
    | {
        phone_number: string;
        is_valid: true;
        parts: number;
        country_prefix: string;
        unit_price: number;
        cost: number;
        network_status?: NetworkStatus;
        is_roaming?: boolean | null;
      }
    | { phone_number: string; is_valid: false; error: string }
  )[];
}

export interface QualityFigures {
  /** That a provider took. */
  sent: number;
  /** Of which it is known what became of them. */
  ended: number;
  delivered: number;
  /** Of those that ended: whose recipient exists. */
  deliverable_share: number | null;
  delivered_share: number | null;
  seconds_to_deliver: { p50: number | null; p95: number | null };
}

/** Each row has what it is of, under the name of `by`; a network has its country, too, and is null where it is not known. */
export interface Quality {
  from: string;
  to: string;
  by: QualityBy;
  total: QualityFigures;
  rows: (QualityFigures & Partial<Record<Exclude<QualityBy, "network">, string>> & { network?: string | null })[];
}

export type QualityBy = "country" | "network" | "provider" | "sender" | "template";

export interface Balance {
  currency: string;
  /** What may still be spent, without the credit. */
  available: number;
  /** For texts that are under way: taken off already. */
  held: number;
  credit_limit: number;
  low_balance_at: number | null;
}

export interface CostDetails {
  /** Texts. */
  billable_sms_fragments?: number;
  international_rate_multiplier?: number;
  sms_rate?: number;
  /** Letters. */
  billable_sheets_of_paper?: number;
  postage?: Postage;
}

/** `next` leads to the following page; it is absent when the page is empty. */
export interface PageLinks {
  current: string;
  next?: string;
}

export interface NotificationPage {
  notifications: Notification[];
  links: PageLinks;
}

export interface Template {
  id: string;
  name: string;
  type: NotificationType;
  created_at: string;
  updated_at: string | null;
  created_by: string;
  version: number;
  body: string;
  subject: string | null;
  letter_contact_block: string | null;
  personalisation: Record<string, { required: boolean }>;
  postage: Postage | null;
}

export interface TemplateList {
  templates: Template[];
}

export interface TemplatePreview {
  id: string;
  type: NotificationType;
  version: number;
  body: string;
  subject: string | null;
  /** Emails only. */
  html: string | null;
  postage: Postage | null;
}

export interface ReceivedText {
  id: string;
  created_at: string;
  service_id: string;
  notify_number: string;
  user_number: string;
  content: string;
  /** By which it was told apart from others on its number. */
  keyword?: string;
}

export interface ReceivedTextPage {
  received_text_messages: ReceivedText[];
  links: PageLinks;
}
