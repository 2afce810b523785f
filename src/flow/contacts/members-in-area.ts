/** Which members of a group a message is for: as it is sent, and counted before. */
import type { DispatchedChannel } from "../../core/channels/channels.ts";
import { type Area, isInArea } from "../../core/places/area.ts";
import type { Contact } from "../../records/contacts/contact.ts";
import type { GroupSendCounts } from "../../records/contacts/group-send.ts";
import { listMembersAfter } from "../../records/contacts/group-send-store.ts";
import type { App } from "../app.ts";
import { recipientsOf } from "./contact-suppression.ts";
import type { GroupMessage } from "./group-send.ts";
import { type Owner, openContact } from "./sealed-contacts.ts";

/** Somebody waits for the page: so many are opened in a second or two. What is counted of a larger group is its beginning. */
const COUNTED_MAX = 10_000;
const MEMBERS_AT_ONCE = 500;

type PassedOver = keyof Pick<GroupSendCounts, "outside" | "withoutPosition" | "withoutConsent">;

/** Undefined where it is for them. */
export function whyPassedOver(
  { area, consent }: Pick<GroupMessage, "area" | "consent">,
  { position }: Pick<Contact, "position">,
  { hasConsent }: { hasConsent: boolean },
): PassedOver | undefined {
  if (area && !position) return "withoutPosition";
  if (area && position && !isInArea(area, position)) return "outside";
  return consent !== undefined && !hasConsent ? "withoutConsent" : undefined;
}

export interface AreaQuestion {
  groupId: string;
  channel: DispatchedChannel;
  area: Area;
  consent: string | undefined;
  countedMax?: number;
}

export type AreaCount = Record<PassedOver | "inside" | "unreachable", number> & {
  counted: number;
  /** Whether these are all that are in the group. */
  isWhole: boolean;
};

/** How many a message would go to, and to how many not: but for the suppression list, which is asked when it is sent. */
export async function countInArea(app: Pick<App, "db">, service: Owner, wish: AreaQuestion): Promise<AreaCount> {
  const { groupId, channel, consent: purpose, countedMax = COUNTED_MAX } = wish;
  const count = { inside: 0, outside: 0, withoutPosition: 0, withoutConsent: 0, unreachable: 0, counted: 0 };
  let cursor: string | undefined;
  for (;;) {
    // One more than is counted tells whether there are more.
    const limit = Math.min(MEMBERS_AT_ONCE, countedMax - count.counted + 1);
    const members = await listMembersAfter(app.db, { groupId, cursor, purpose, limit });
    for (const member of members) {
      if (count.counted === countedMax) return { ...count, isWhole: false };
      const contact = openContact(service, member);
      const isReached = recipientsOf(contact).some((recipient) => recipient.channel === channel);
      count[isReached ? (whyPassedOver(wish, contact, member) ?? "inside") : "unreachable"] += 1;
      count.counted += 1;
    }
    if (members.length < limit) return { ...count, isWhole: true };
    cursor = members.at(-1)?.id;
  }
}
