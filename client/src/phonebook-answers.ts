/** What the API answers about contacts and their groups. */
import type { PageLinks, SuppressionReason } from "./answers.ts";

/** What somebody has said yes to, when and how. */
export interface GivenConsent {
  purpose: string;
  how?: string;
  given_at?: string;
}

export interface Contact {
  id: string;
  phone_number: string | null;
  email_address: string | null;
  first_name: string | null;
  last_name: string | null;
  company: string | null;
  title: string | null;
  address_lines: string[];
  language: string | null;
  latitude: number | null;
  longitude: number | null;
  /** The service's own, by name. */
  fields: Record<string, string>;
  groups: { id: string; name: string }[];
  consents: (Required<GivenConsent> & { withdrawn_at: string | null; withdrawn_how: string | null })[];
  /** Why nothing is sent there. */
  suppressed: { sms: SuppressionReason | null; email: SuppressionReason | null };
  created_at: string;
  updated_at: string;
  uri: string;
}

export interface ContactPage {
  contacts: Contact[];
  links: PageLinks;
}

export interface ContactsImported {
  made: number;
  changed: number;
  unchanged: number;
  refused: number;
  rows: {
    row: number;
    outcome: "made" | "changed" | "unchanged" | "refused";
    contact_id: string | null;
    problems: { column: string | null; message: string }[];
  }[];
}

export interface ContactGroup {
  id: string;
  name: string;
  members: number;
  created_at: string;
  uri: string;
}

export interface AreaCircle {
  latitude: number;
  longitude: number;
  radius_km: number;
}

/** Under a name of the service's. */
export interface SavedArea {
  id: string;
  name: string;
  /** A circle, or corners as text. */
  area: AreaCircle | string;
  created_at: string;
  updated_at: string;
}

/** One message to a whole group, and how far it has come. */
export interface GroupMessage {
  id: string;
  group_id: string;
  template_id: string;
  type: "sms" | "email";
  status: "sending" | "sent" | "stopped" | "cancelled";
  stopped_because: string | null;
  members: number;
  accepted: number;
  suppressed: number;
  unreachable: number;
  without_consent: number;
  outside: number;
  without_position: number;
  refused: number;
  created_at: string;
  finished_at: string | null;
  uri: string;
}
