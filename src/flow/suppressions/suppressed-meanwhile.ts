/**
 * What was accepted for later, or held until the morning, is looked up again before it goes: somebody may have asked to be left alone
 * meanwhile. What goes at once has just been looked up, and costs nothing here; nor do services without a list.
 */
import type { SuppressionReason } from "../../core/suppression/suppression-reason.ts";
import type { OutgoingNotification } from "../../records/notifications/notification.ts";
import { listSuppressedNotifications } from "../../records/suppressions/suppression-store.ts";
import type { App } from "../app.ts";

/** What has waited for less goes as if it were sent at once. One-time codes are done with by then, or no longer wanted. */
const WAITED_MS = 30 * 60_000;

/** By notification. */
export type SuppressedMeanwhile = ReadonlyMap<string, SuppressionReason>;

const NOBODY: SuppressedMeanwhile = new Map();

export async function listSuppressedMeanwhile(
  app: Pick<App, "db" | "clock" | "services">,
  notifications: readonly OutgoingNotification[],
): Promise<SuppressedMeanwhile> {
  const longAgo = app.clock.now().getTime() - WAITED_MS;
  const waited = notifications.filter(
    ({ status, scheduledFor, createdAt }) =>
      status === "created" && (scheduledFor !== undefined || createdAt.getTime() < longAgo),
  );
  const asked: string[] = [];
  for (const { id, serviceId } of waited) {
    const service = await app.services.find(serviceId);
    if (service?.hasSuppressions) asked.push(id);
  }
  if (asked.length === 0) return NOBODY;
  const found = await listSuppressedNotifications(app.db, asked);
  return new Map(found.map(({ id, reason }) => [id, reason]));
}
