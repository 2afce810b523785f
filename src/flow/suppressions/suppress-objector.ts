/** Suppresses the address of somebody who has marked an email as spam, or has unsubscribed, where the service wants that. */
import { parseEmailAddress } from "../../core/email/parse-email-address.ts";
import type { Tx } from "../../platform/db.ts";
import type { Service } from "../../records/services/service.ts";
import type { App } from "../app.ts";
import { suppress } from "./suppress.ts";

export interface Objection {
  serviceId: string;
  /** The address of the email that was objected to. */
  recipient: (service: Service) => string;
  reason: "complaint" | "unsubscribed";
  notificationId: string;
}

export async function suppressObjector(
  app: Pick<App, "keys" | "clock" | "services">,
  tx: Tx,
  { serviceId, recipient, reason, notificationId }: Objection,
): Promise<void> {
  const service = await app.services.find(serviceId);
  if (!service?.suppressesObjectors) return;
  const address = parseEmailAddress(recipient(service));
  if (typeof address === "string") return;
  const kind = reason === "complaint" ? "complaint" : "unsubscribe-link";
  const wish = { recipient: { channel: "email", address }, reason, source: { kind, id: notificationId } } as const;
  await suppress(app, tx, { service, wishes: [wish] });
}
