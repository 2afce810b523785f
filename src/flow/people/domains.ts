/** Domains of people's addresses, as somebody wrote them down. */
import { parseEmailAddress } from "../../core/email/parse-email-address.ts";
import { fieldRefusal } from "../form-refusal.ts";

const DOMAINS_MAX = 30;

/** Each once, in small letters. Refuses what is no domain, at the field. */
export function checkDomains(domains: readonly string[], field: string): string[] {
  const checked = [...new Set(domains.map((domain) => domain.trim().toLowerCase()).filter(Boolean))];
  if (checked.length > DOMAINS_MAX) throw fieldRefusal(field, "domains-many", `Give at most ${DOMAINS_MAX} domains`);
  const wrong = checked.find((domain) => typeof parseEmailAddress(`someone@${domain}`) === "string");
  if (wrong === undefined) return checked;
  throw fieldRefusal(field, "domain-invalid", `“${wrong}” is not a domain, such as example.org`);
}
