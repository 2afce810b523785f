/** What a service will send later. */
import {
  listScheduled as listScheduledMessages,
  type ScheduledMessage,
} from "../../records/notifications/scheduled-store.ts";
import type { App } from "../app.ts";
import { DISPATCH_QUEUES } from "../jobs.ts";

/** The next to go first; of a platform on which many thousands wait, perhaps not all. */
export function listScheduled(
  { db, clock }: Pick<App, "db" | "clock">,
  serviceId: string,
): Promise<ScheduledMessage[]> {
  return listScheduledMessages(db, { serviceId, queues: Object.values(DISPATCH_QUEUES), now: clock.now() });
}
