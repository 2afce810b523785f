/** Where contacts are, and who may do what there. */
import type { ServiceVisit } from "../http/visit.ts";

export const CONTACTS = "/services/:sid/contacts";
/** Whoever writes to people sees whom, and so does whoever manages the service. */
export const MAY_SEE = { permission: ["send_messages", "manage_service"] } as const;
export const MAY_CHANGE = { permission: "manage_service" } as const;
/** Not for platform administrators who are no members: they do not send. */
export const MAY_SEND = { permission: "send_messages", membersOnly: true } as const;

export function contactsPath({ service }: Pick<ServiceVisit, "service">): string {
  return `/services/${service.id}/contacts`;
}

/** `addressOf("/x", { a: "1", b: undefined })` → "/x?a=1" */
export function addressOf(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const entries = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return entries.length > 0 ? `${path}?${new URLSearchParams(entries)}` : path;
}
