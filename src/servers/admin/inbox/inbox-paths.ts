/** What the inbox and its conversations share: where they are, who may see them, and how a number is written for people. */
import { formatForPeople } from "../../../core/phone/format-phone-number.ts";
import { parsePhoneNumber } from "../../../core/phone/parse-phone-number.ts";
import type { ServiceVisit } from "../http/visit.ts";

export const INBOX = "/services/:sid/inbox";
export const MAY_SEE = { permission: "view_activity" } as const;

export function inboxPath({ service }: Pick<ServiceVisit, "service">): string {
  return `/services/${service.id}/inbox`;
}

/** A number in the spelling it is dialled in; a short code or a name as it is. */
export function shownNumber(number: string): string {
  const parsed = parsePhoneNumber(number);
  return typeof parsed === "string" ? number : formatForPeople(parsed.digits);
}
