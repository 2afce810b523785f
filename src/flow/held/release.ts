/**
 * Releases held messages, or takes them back. It takes two: one asks, another agrees, and neither of what they have sent themselves. What was
 * held after the second has looked stays held. Taking back is one person's to do: nothing is lost by it but time.
 */
import { statusesBefore } from "../../core/delivery/statuses.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Tx } from "../../platform/db.ts";
import { enqueue, rouse, signalOnCommit, withdrawMany } from "../../platform/queue.ts";
import { forgetDocumentKeys } from "../../records/documents/document-store.ts";
import {
  approveReleaseRequest,
  deleteIdleRequests,
  deleteReleaseCountsBefore,
  deleteReleaseRequest,
  forgetReleaseCounts,
  type HeldMessage,
  type HeldTemplate,
  hasSentHeld,
  insertReleaseRequest,
  listApprovedRequests,
  listHeldGroups,
  lockReleaseRequest,
  takeExpired,
  takeHeld,
} from "../../records/held/held-message-store.ts";
import { type EventKind, insertEvents } from "../../records/notifications/event-store.ts";
import { getNotifications, moveStatus, replaceContents } from "../../records/notifications/notification-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { deliveryReceiptJobs } from "../callback/plan.ts";
import { CALLBACK_QUEUE, DISPATCH_QUEUES, LETTER_QUEUE } from "../jobs.ts";
import { openContent, remainsOf } from "../personal-content.ts";
import { planReceipts } from "../smpp/plan-deliveries.ts";
import { inBatches } from "../upkeep/in-batches.ts";

const AT_ONCE_MAX = 500;
const REQUESTS_AT_ONCE = 100;
export const HELD_GROUPS_MAX = 200;
const HOUR_MS = 3_600_000;
const QUEUES = { ...DISPATCH_QUEUES, letter: LETTER_QUEUE } as const;

type Releaser = Pick<App, "db" | "clock" | "services">;
type UpTo = HeldTemplate & { upTo: string };

export async function askForRelease(app: Releaser, actor: Actor, template: HeldTemplate): Promise<void> {
  const { serviceId, templateId } = template;
  const held = await listHeldGroups(app.db, { serviceId, limit: HELD_GROUPS_MAX });
  const group = held.find((one) => one.templateId === templateId);
  if (!group) throw nothingHeld();
  await app.db.transaction(async (tx) => {
    const isMade = await insertReleaseRequest(tx, { ...template, askedBy: actor.userId, askedAt: app.clock.now() });
    if (!isMade) throw new Refusal("conflict", "Somebody has asked for this already");
    await recordDeed(tx, actor, { ...deedOf("asked", template), after: { messages: group.messages } });
  });
}

/** Those up to `upTo`, which is what whoever agrees has seen. */
export async function approveRelease(app: Releaser, actor: Actor, wanted: UpTo): Promise<void> {
  await app.db.transaction(async (tx) => {
    const request = await lockReleaseRequest(tx, wanted);
    if (!request) throw new Refusal("bad-request", "Nobody has asked for these messages to go");
    if (request.approvedBy !== undefined) throw new Refusal("conflict", "Somebody has released them already");
    if (request.askedBy === actor.userId)
      throw new Refusal("bad-request", "Somebody else has to agree: you have asked");
    if (await hasSentHeld(tx, { ...wanted, userId: actor.userId }))
      throw new Refusal("bad-request", "Somebody else has to agree: you have sent some of them");
    await approveReleaseRequest(tx, { ...wanted, approvedBy: actor.userId });
    await forgetReleaseCounts(tx, wanted);
    await recordDeed(tx, actor, { ...deedOf("approved", wanted), after: { upTo: wanted.upTo } });
  });
  await finishRelease(app, wanted);
}

/** Those up to `upTo` never go. */
export async function rejectHeld(app: Releaser, actor: Actor, wanted: UpTo): Promise<void> {
  await app.db.transaction(async (tx) => {
    const request = await lockReleaseRequest(tx, wanted);
    if (request?.approvedBy !== undefined) throw new Refusal("conflict", "They have been released already");
    await deleteReleaseRequest(tx, wanted);
    await recordDeed(tx, actor, { ...deedOf("rejected", wanted), after: { upTo: wanted.upTo } });
  });
  await inBatches(AT_ONCE_MAX, (limit) =>
    app.db.transaction(async (tx) => {
      const taken = await takeHeld(tx, { ...wanted, limit });
      await end(app, tx, { taken, to: "cancelled", kind: "release-rejected" });
      return taken.length;
    }),
  );
}

/** For the housekeeping: what nobody has released in time ends, and what two have released goes, should a process have broken off. */
export async function tendHeld(app: Releaser): Promise<{ expired: number }> {
  await deleteReleaseCountsBefore(app.db, new Date(app.clock.now().getTime() - 2 * HOUR_MS));
  for (const request of await listApprovedRequests(app.db, REQUESTS_AT_ONCE)) await finishRelease(app, request);
  let expired = 0;
  await inBatches(AT_ONCE_MAX, (limit) =>
    app.db.transaction(async (tx) => {
      const taken = await takeExpired(tx, { now: app.clock.now(), limit });
      await end(app, tx, { taken, to: "temporary-failure", kind: "release-expired" });
      expired += taken.length;
      return taken.length;
    }),
  );
  await deleteIdleRequests(app.db);
  return { expired };
}

/** The request goes with the last of them. */
async function finishRelease(app: Releaser, wanted: UpTo): Promise<void> {
  await inBatches(AT_ONCE_MAX, (limit) =>
    app.db.transaction(async (tx) => {
      const taken = await takeHeld(tx, { ...wanted, limit });
      if (taken.length < limit) await deleteReleaseRequest(tx, wanted);
      await letGo(app, tx, taken);
      return taken.length;
    }),
  );
}

async function letGo({ clock }: Releaser, tx: Tx, taken: readonly HeldMessage[]): Promise<void> {
  const now = clock.now();
  for (const [channel, queue] of Object.entries(QUEUES)) {
    const entries = taken.filter((held) => held.channel === channel).map((held) => wakingOf(held, now));
    if (entries.length === 0) continue;
    await rouse(tx, queue, entries);
    await signalOnCommit(tx, queue);
  }
  await insertEvents(tx, eventsOf(taken, "released"));
}

function wakingOf({ notificationId: id, serviceId: group, scheduledFor }: HeldMessage, now: Date) {
  return { id, group, wakeAt: scheduledFor && scheduledFor > now ? scheduledFor : undefined };
}

interface Ended {
  taken: readonly HeldMessage[];
  to: "cancelled" | "temporary-failure";
  kind: EventKind;
}

/** Nobody will send them; their service is told, and what money was held for them comes back by itself. */
async function end(app: Releaser, tx: Tx, { taken, to, kind }: Ended): Promise<void> {
  if (taken.length === 0) return;
  const ids = taken.map(({ notificationId }) => notificationId);
  for (const queue of Object.values(QUEUES)) await withdrawMany(tx, queue, ids);
  const at = app.clock.now();
  const remains = await remainsOfAll(app, tx, ids);
  const moved = [];
  for (const status of new Set([to, "cancelled"] as const)) {
    const some = taken.filter((held) => endOf(held, to) === status).map(({ notificationId }) => notificationId);
    const from = statusesBefore(status).filter((one) => one === "created");
    if (some.length > 0) moved.push(...(await moveStatus(tx, { ids: some, to: status, from, at })));
  }
  await planReceipts(app, tx, { notifications: moved, at });
  await enqueue(tx, CALLBACK_QUEUE, { entries: await deliveryReceiptJobs(app, moved) });
  await insertEvents(tx, eventsOf(taken, kind));
  await forgetDocumentKeys(tx, ids);
  await replaceContents(tx, remains);
}

/** A letter has no temporary failure: one that nobody released was not printed. */
function endOf({ channel }: HeldMessage, to: Ended["to"]): Ended["to"] {
  return channel === "letter" ? "cancelled" : to;
}

/** The words of those whose words are not kept are not kept either way. */
async function remainsOfAll({ services }: Releaser, tx: Tx, ids: readonly string[]) {
  const remains: { id: string; sealedContent: Buffer }[] = [];
  for (const notification of await getNotifications(tx, ids)) {
    const service = await services.find(notification.serviceId);
    const sealedContent = service && remainsOf(service, notification.id, openContent(service, notification));
    if (sealedContent) remains.push({ id: notification.id, sealedContent });
  }
  return remains;
}

function eventsOf(taken: readonly HeldMessage[], kind: EventKind) {
  return taken.map(({ notificationId }) => ({ notificationId, kind }));
}

function deedOf(what: string, { serviceId, templateId }: HeldTemplate) {
  return { serviceId, action: `release.${what}`, subject: templateId };
}

function nothingHeld(): Refusal {
  return new Refusal("bad-request", "No messages of this template are held");
}
