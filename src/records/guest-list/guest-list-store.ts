/** Whom a team key, or a service in trial mode, may send to beside its team. */
import { parseEmailAddress } from "../../core/email/parse-email-address.ts";
import { parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import type { Db, Tx } from "../../platform/db.ts";
import { blindIndex, open, seal } from "../../platform/sealing.ts";
import { sealedAt } from "../services/service-store.ts";

export interface Guest {
  channel: "sms" | "email";
  /** As it was entered. */
  recipient: string;
  /** What two spellings of it have in common: found by it, as intake finds recipients. */
  normalised: string;
}

interface Owner {
  serviceId: string;
  dataKey: Buffer;
  searchIndex: Buffer;
}

/** A phone number or an email address; undefined for anything else. */
export function parseGuest(text: string): Guest | undefined {
  if (text.includes("@")) {
    const email = parseEmailAddress(text);
    if (typeof email === "string") return undefined;
    return { channel: "email", recipient: email.asSubmitted, normalised: email.normalised };
  }
  const number = parsePhoneNumber(text);
  if (typeof number === "string") return undefined;
  return { channel: "sms", recipient: number.asSubmitted, normalised: number.digits };
}

/** The guests of a service, opened, by channel in the order in which they were added. */
export async function listGuests(db: Db, { serviceId, dataKey }: Omit<Owner, "searchIndex">): Promise<Guest[]> {
  const rows = await db.query<{ sealedRecipient: Buffer }>`
    select g.sealed_recipient from guest_list g where g.service_id = ${serviceId}
    order by g.channel desc, g.created_at, g.recipient_index`;
  return rows.flatMap(({ sealedRecipient }) => {
    const guest = parseGuest(open({ key: dataKey, belongsTo: sealedAt.guest(serviceId) }, sealedRecipient).toString());
    return guest ? [guest] : [];
  });
}

export async function insertGuest(tx: Tx, { serviceId, dataKey, searchIndex }: Owner, guest: Guest): Promise<void> {
  const sealed = seal({ key: dataKey, belongsTo: sealedAt.guest(serviceId) }, guest.recipient);
  await tx.query`
    insert into guest_list (service_id, recipient_index, channel, sealed_recipient)
    values (${serviceId}, ${blindIndex(searchIndex, guest.normalised)}, ${guest.channel}, ${sealed})
    on conflict do nothing`;
}

export async function deleteGuest(tx: Tx, { serviceId, searchIndex }: Owner, guest: Guest): Promise<void> {
  await tx.query`
    delete from guest_list where service_id = ${serviceId} and recipient_index = ${blindIndex(searchIndex, guest.normalised)}`;
}
