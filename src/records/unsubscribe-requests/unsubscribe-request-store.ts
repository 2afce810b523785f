/** Requests of recipients to get no more of these emails, for their service to act on. */
import type { Db } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { seal } from "../../platform/sealing.ts";
import type { Service } from "../services/service.ts";
import { sealedAt } from "../services/service-store.ts";

export interface UnsubscribeRequest {
  notificationId: string;
  templateId: string;
  recipient: string;
}

/** A repeat changes nothing until the service has processed the first. */
export async function keepUnsubscribeRequest(
  db: Db,
  service: Pick<Service, "id" | "dataKey">,
  { notificationId, templateId, recipient }: UnsubscribeRequest,
): Promise<void> {
  const id = newId();
  const sealed = seal({ key: service.dataKey, belongsTo: sealedAt.unsubscribeRequest(id) }, recipient);
  await db.query`
    insert into unsubscribe_requests (id, notification_id, service_id, template_id, sealed_recipient)
    values (${id}, ${notificationId}, ${service.id}, ${templateId}, ${sealed})
    on conflict (notification_id) where processed_at is null do nothing`;
}
