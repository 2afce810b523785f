/** Nothing is kept for longer than its service wants. Days are those of the deployment's home, as with Notify's API. */
import { HOME_TIME_ZONE } from "../../core/calendar/home.ts";
import { midnightDaysAgo } from "../../core/calendar/midnight.ts";
import { deleteConversations } from "../../records/inbound-messages/conversation-state-store.ts";
import { deleteInboundMessages } from "../../records/inbound-messages/inbound-message-store.ts";
import {
  deleteNotifications,
  findOldestUnfinishedLetter,
  listRetentions,
  type Retention,
} from "../../records/notifications/retention-store.ts";
import { dropPartitionsBefore, startOfDay } from "../../records/partitions/partition-store.ts";
import type { App } from "../app.ts";
import { inBatches } from "./in-batches.ts";

/** Of a deployment without services. */
const DAYS_KEPT_DEFAULT = 7;
/** A log has a period of its own: long enough to find out what went wrong last week. */
const CALLBACK_ATTEMPTS_DAYS = 14;
const DELETED_AT_ONCE_MAX = 1_000;

type Keeper = Pick<App, "db" | "clock">;

/** Whole days that no service keeps go at once; services that keep less have theirs deleted one by one. */
export async function deletePastNotifications(app: Keeper): Promise<{ partitions: number; notifications: number }> {
  const retentions = await listRetentions(app.db);
  const longest = Math.max(DAYS_KEPT_DEFAULT, ...retentions.map(({ days }) => days));
  const partitions = await dropPastPartitions(app, longest);
  let notifications = 0;
  for (const retention of retentions) {
    if (retention.days < longest) notifications += await deletePastOf(app, retention);
  }
  return { partitions, notifications };
}

/** Texts from the public are kept as long as the service's own, and conversations as long as a text of theirs. */
export async function deletePastInboundMessages(app: Keeper): Promise<{ texts: number }> {
  let texts = 0;
  for (const { channel, days, serviceIds } of await listRetentions(app.db)) {
    if (channel !== "sms") continue;
    const before = firstMomentKept(app, days);
    texts += await inBatches(DELETED_AT_ONCE_MAX, (limit) =>
      deleteInboundMessages(app.db, { serviceIds, before, limit }),
    );
    await inBatches(DELETED_AT_ONCE_MAX, (limit) => deleteConversations(app.db, { serviceIds, before, limit }));
  }
  return { texts };
}

async function dropPastPartitions(app: Keeper, longestDays: number): Promise<number> {
  const firstKept = firstMomentKept(app, longestDays);
  const unfinished = await findOldestUnfinishedLetter(app.db, firstKept);
  const dropped = [
    await dropPartitionsBefore(app.db, "notifications", unfinished ?? firstKept),
    await dropPartitionsBefore(app.db, "notification_events", unfinished ?? firstKept),
    await dropPartitionsBefore(app.db, "callback_attempts", startOfDay(app.clock.now(), -CALLBACK_ATTEMPTS_DAYS)),
  ];
  return dropped.flat().length;
}

function deletePastOf(app: Keeper, { channel, days, serviceIds }: Retention): Promise<number> {
  const before = firstMomentKept(app, days);
  return inBatches(DELETED_AT_ONCE_MAX, (limit) => deleteNotifications(app.db, { channel, serviceIds, before, limit }));
}

function firstMomentKept({ clock }: Pick<Keeper, "clock">, days: number): Date {
  return midnightDaysAgo(clock.now(), days, HOME_TIME_ZONE);
}
