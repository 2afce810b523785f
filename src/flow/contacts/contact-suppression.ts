/** A contact put on the suppression list, by number and by address, and taken off it. */
import { parseEmailAddress } from "../../core/email/parse-email-address.ts";
import { parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import type { SuppressionReason } from "../../core/suppression/suppression-reason.ts";
import type { Contact } from "../../records/contacts/contact.ts";
import type { SuppressionSource } from "../../records/suppressions/suppression.ts";
import type { Actor } from "../actor.ts";
import type { App } from "../app.ts";
import type { Recipient } from "../intake/send-request.ts";
import { addSuppressions, findSuppressionsOf, releaseSuppression } from "../suppressions/suppression-list.ts";
import { getContact } from "./phonebook.ts";
import type { Owner } from "./sealed-contacts.ts";

type Keeper = Pick<App, "db" | "keys" | "clock" | "services">;

export async function suppressContact(
  app: Keeper,
  actor: Actor,
  wish: { service: Owner; id: string; reason: SuppressionReason; source: SuppressionSource },
): Promise<void> {
  const { service, id, reason, source } = wish;
  const recipients = recipientsOf(await getContact(app, service, id));
  await addSuppressions(app, actor, {
    service,
    wishes: recipients.map((recipient) => ({ recipient, reason, source })),
  });
}

/** Who is not there is not there. */
export async function releaseContact(
  app: Keeper,
  actor: Actor,
  { service, id }: { service: Owner; id: string },
): Promise<void> {
  const recipients = recipientsOf(await getContact(app, service, id));
  for (const entry of await findSuppressionsOf(app, service, recipients))
    if (entry) await releaseSuppression(app, actor, { service, id: entry.id });
}

/** How somebody is reached. What was stored was parsed; numbering can have changed since, and then there is no way. */
export function recipientsOf({ number, emailAddress }: Pick<Contact, "number" | "emailAddress">): Recipient[] {
  const parsed = number === undefined ? "none" : parsePhoneNumber(`+${number}`);
  const address = emailAddress === undefined ? "none" : parseEmailAddress(emailAddress);
  return [
    ...(typeof parsed === "string" ? [] : [{ channel: "sms" as const, number: parsed }]),
    ...(typeof address === "string" ? [] : [{ channel: "email" as const, address }]),
  ];
}
