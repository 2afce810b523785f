/**
 * Puts recipients on a service's suppression list, and takes them off it. What `suppress` and `lift` write is committed with what
 * surrounds them; call `app.services.forget(service.id)` once it is, so that this process knows at once. Others know within two seconds.
 */

import type { DispatchedChannel } from "../../core/channels/channels.ts";
import { shownInApp } from "../../core/chat/chat-recipient.ts";
import type { SuppressionReason } from "../../core/suppression/suppression-reason.ts";
import type { Tx } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { blindIndex, seal } from "../../platform/sealing.ts";
import type { Service } from "../../records/services/service.ts";
import { sealedAt } from "../../records/services/service-store.ts";
import type { NewSuppression, SuppressionSource } from "../../records/suppressions/suppression.ts";
import { deleteSuppressionOf, insertSuppressions } from "../../records/suppressions/suppression-store.ts";
import type { App } from "../app.ts";
import { normalisedRecipient } from "../intake/recipient.ts";
import type { Recipient } from "../intake/send-request.ts";

type Keeper = Pick<App, "keys" | "clock">;
type Owner = Pick<Service, "id" | "dataKey">;

export interface SuppressionWish {
  recipient: Recipient;
  reason: SuppressionReason;
  source: SuppressionSource;
}

/**
 * Suppresses each, on its channel; who is there already stays there. Answers the ids of those that are new.
 *
 *     const number = parsePhoneNumber(`+${digits}`);
 *     await suppress(app, tx, { service, wishes: [{ recipient: { channel: "sms", number }, reason: "asked-to-stop",
 *       source: { kind: "inbound-text", id: text.id } }] });
 */
export function suppress(
  app: Keeper,
  tx: Tx,
  { service, wishes }: { service: Owner; wishes: readonly SuppressionWish[] },
): Promise<string[]> {
  const entries = new Map<string, NewSuppression>();
  for (const { recipient, reason, source } of wishes) {
    const { channel } = recipient;
    const recipientIndex = indexOf(app, recipient);
    const key = `${channel} ${recipientIndex.toString("hex")}`;
    if (entries.has(key)) continue;
    entries.set(key, newEntry(app, service, { channel, recipientIndex, shown: shownOf(recipient), reason, source }));
  }
  return insertSuppressions(tx, [...entries.values()]);
}

interface Found {
  channel: DispatchedChannel;
  recipientIndex: Buffer;
  /** As people are shown it. */
  shown: string;
  reason: SuppressionReason;
  source: SuppressionSource;
}

/** Of a recipient that is known by its index already. */
export function newEntry({ clock }: Pick<App, "clock">, service: Owner, found: Found): NewSuppression {
  const { channel, recipientIndex, shown, reason, source } = found;
  const id = newId();
  const sealedRecipient = seal({ key: service.dataKey, belongsTo: sealedAt.suppression(id) }, shown);
  return {
    ...{ id, channel, recipientIndex, sealedRecipient, reason, source },
    serviceId: service.id,
    createdAt: clock.now(),
  };
}

/** Takes a recipient off the list, if it is there for one of these reasons: a START takes back a STOP, and nothing else. */
export async function lift(
  app: Pick<App, "keys">,
  tx: Tx,
  wish: { service: Pick<Service, "id">; recipient: Recipient; reasons: readonly SuppressionReason[] },
): Promise<boolean> {
  const { service, recipient, reasons } = wish;
  const { channel } = recipient;
  const which = { serviceId: service.id, channel, recipientIndex: indexOf(app, recipient) };
  return (await deleteSuppressionOf(tx, which, reasons)) !== undefined;
}

export function indexOf({ keys }: Pick<App, "keys">, recipient: Recipient): Buffer {
  return blindIndex(keys.searchIndex, normalisedRecipient(recipient));
}

/** Of somebody who is reached by a chat app, the app as well. */
function shownOf(recipient: Recipient): string {
  if (recipient.channel === "sms") return recipient.number.digits;
  if (recipient.channel === "email") return recipient.address.asSubmitted;
  return shownInApp(recipient.person.app, recipient.person.asSubmitted);
}
