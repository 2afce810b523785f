/**
 * A provider's report becomes a status. Reports are taken in batches: find which notifications they are about, decide each move, and
 * write moves and callbacks together. A report is acknowledged to the carrier only when it is durable. One that overtakes the answer
 * to its own message waits for it.
 */
import { dispatchedChannelOf } from "../../core/channels/channels.ts";
import { decideMove } from "../../core/delivery/move.ts";
import { FINAL_STATUSES, type Status, statusesBefore } from "../../core/delivery/statuses.ts";
import { createBatcher } from "../../platform/batcher.ts";
import type { Tx } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { enqueue, LANES, type NewJob } from "../../platform/queue.ts";
import type { Receipt } from "../../providers/provider.ts";
import {
  type AwaitedReceipt,
  deleteAwaitedReceipts,
  findAwaitedReceipts,
  listStillAwaited,
} from "../../records/notifications/awaited-receipt-store.ts";
import { insertEvents, listSeen, type NewEvent } from "../../records/notifications/event-store.ts";
import type { ReportedNotification } from "../../records/notifications/notification.ts";
import {
  type DeliveryState,
  getDeliveryStates,
  getReported,
  learnNetworks,
  moveStatus,
} from "../../records/notifications/notification-store.ts";
import type { App } from "../app.ts";
import type { CallbackTaker } from "../callback/callback-worker.ts";
import { deliveryReceiptJobs, seenJobs } from "../callback/plan.ts";
import type { Recorder } from "../dispatch/recorder.ts";
import { noteCanaries } from "../health/canaries.ts";
import type { HealthWatch } from "../health/health-watch.ts";
import { CALLBACK_QUEUE, EARLY_RECEIPT_QUEUE } from "../jobs.ts";
import { noteEnded, noteLearned } from "../quality/note-ended.ts";
import { planReceipts } from "../smpp/plan-deliveries.ts";
import { suppressFailing } from "../suppressions/suppress-failing.ts";

/** What was reported meanwhile is written next, together: that costs less than two writes at once of half as many. */
const BATCHES_AT_ONCE_MAX = 1;
const RECEIPTS_MAX = 500;
const EARLY_RETRY_MS = 1_000;
const VERSION_7_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export interface ProviderReceipt {
  provider: string;
  receipt: Receipt;
}

export interface Receipts {
  /** Resolves when the report is durable: in the status it led to, or kept until its message is known. */
  take(report: ProviderReceipt): Promise<void>;
  idle(): Promise<void>;
}

/** What else this process does: who knows whose answers are being written at this moment, and who can make callbacks at once. */
export interface Neighbours {
  recorder?: Pick<Recorder, "whenWritten">;
  callbacks?: CallbackTaker;
  /** Where reports come over HTTP: what they say of the provider's health. */
  health?: Pick<HealthWatch, "receipt" | "learn">;
}

export function createReceipts(app: App, { recorder, callbacks, health }: Neighbours = {}): Receipts {
  const batcher = createBatcher<ProviderReceipt>({
    writesAtOnceMax: BATCHES_AT_ONCE_MAX,
    itemsMax: RECEIPTS_MAX,
    write: async (reports) => {
      await waitForAnswers(recorder, reports);
      for (const [provider, receipts] of byProvider(reports)) {
        await writeReceipts({ app, callbacks, health }, provider, receipts);
      }
      app.wakeCallbacks();
    },
  });
  return {
    take: (report) => {
      health?.receipt(report.provider, report.receipt);
      return batcher.add(report);
    },
    idle: () => batcher.idle(),
  };
}

/** A carrier may report before we have written down that it took the message. */
async function waitForAnswers(
  recorder: Pick<Recorder, "whenWritten"> | undefined,
  reports: readonly ProviderReceipt[],
): Promise<void> {
  const answers = reports.map(({ provider, receipt }) => recorder?.whenWritten(provider, receipt.reference));
  await Promise.allSettled(new Set(answers));
}

function byProvider(reports: readonly ProviderReceipt[]): Map<string, Receipt[]> {
  const groups = new Map<string, Receipt[]>();
  for (const { provider, receipt } of reports) {
    const group = groups.get(provider);
    if (group) group.push(receipt);
    else groups.set(provider, [receipt]);
  }
  return groups;
}

interface Desk {
  app: App;
  callbacks: CallbackTaker | undefined;
  health: Neighbours["health"];
}

/** Callbacks that are ours to make as soon as they are committed, and what they tell about. */
interface Told {
  to: Status;
  taken: readonly NewJob[];
  moved: readonly ReportedNotification[];
}

/** What one provider's batch of reports comes to. Several reports on one message are taken in the order they came. */
async function writeReceipts(desk: Desk, provider: string, receipts: readonly Receipt[]): Promise<void> {
  const { app, callbacks } = desk;
  const known = await findMessages(app, provider, receipts);
  const notifications = await notificationsOf(app, known);
  const decided = decide(receipts, known, notifications);
  const { told, learned } = await app.db.transaction(async (tx) => {
    const told: Told[] = [];
    const learned = await learnNetworks(tx, decided.networks);
    const stillAwaited = await listStillAwaited(tx, decided.inParts, decided.finished);
    for (const group of failuresFirst(decided.moves)) {
      const ids = group.to === "delivered" ? group.ids.filter((id) => !stillAwaited.has(id)) : group.ids;
      told.push(await moveAndTell(desk, tx, { ...group, ids }));
    }
    await tellSeen(app, tx, decided.seen);
    await Promise.all([
      keepEarly(app, tx, { provider, receipts: decided.early }),
      deleteAwaitedReceipts(tx, provider, decided.finished),
      insertEvents(
        tx,
        decided.events.map((event) => ({ ...event, provider })),
      ),
    ]);
    return { told, learned };
  });
  for (const { taken, moved } of told) if (taken.length > 0) callbacks?.take(taken, moved);
  noteLearned(app, learned);
  for (const { moved } of told) noteEnded(app, moved);
  for (const { moved } of told) learnDelays(desk, provider, moved);
  await noteCanaries(app, decided.ofNone);
  await suppressFailing(
    app,
    told.map(({ to, moved: notifications }) => ({ to, notifications })),
  );
}

function learnDelays({ health }: Desk, provider: string, moved: readonly ReportedNotification[]): void {
  if (!health) return;
  for (const { sentAt, updatedAt } of moved) {
    if (sentAt && updatedAt) health.learn(provider, updatedAt.getTime() - sentAt.getTime());
  }
}

/** Of a text whose parts end differently in one batch, the failure counts. */
function failuresFirst(moves: ReadonlyMap<string, MoveGroup>): MoveGroup[] {
  return [...moves.values()].sort((a, b) => Number(a.to === "delivered") - Number(b.to === "delivered"));
}

/** By the ids the provider gave; a reference of our own making names its notification itself. */
async function findMessages(
  app: App,
  provider: string,
  receipts: readonly Receipt[],
): Promise<Map<string, AwaitedReceipt>> {
  const references = [...new Set(receipts.map((receipt) => receipt.reference))];
  const awaited = await findAwaitedReceipts(app.db, provider, references);
  const known = new Map(awaited.map((message) => [message.messageId, message]));
  for (const reference of references) {
    if (known.has(reference) || !VERSION_7_ID.test(reference)) continue;
    known.set(reference, { messageId: reference, notificationId: reference, parts: 1 });
  }
  return known;
}

async function notificationsOf(
  app: App,
  known: ReadonlyMap<string, AwaitedReceipt>,
): Promise<Map<string, DeliveryState>> {
  if (known.size === 0) return new Map();
  const ids = [...new Set([...known.values()].map((message) => message.notificationId))];
  const notifications = await getDeliveryStates(app.db, ids);
  return new Map(notifications.map((notification) => [notification.id, notification]));
}

interface MoveGroup {
  to: Status;
  code: string | undefined;
  ids: string[];
}

interface Decided {
  moves: Map<string, MoveGroup>;
  /** Message ids nothing more is to be heard of. */
  finished: string[];
  /** Notifications that went out in several parts, with a part reported in this batch. */
  inParts: string[];
  early: Receipt[];
  events: NewEvent[];
  /** Chat messages of which their app says for the first time that they were seen. */
  seen: Set<string>;
  /** On ids that no notification has: retention has dropped it, or there never was one. */
  ofNone: { id: string; receipt: Receipt }[];
  /** Where carriers say that recipients were, by notification. */
  networks: Map<string, string>;
}

function decide(
  receipts: readonly Receipt[],
  known: ReadonlyMap<string, AwaitedReceipt>,
  notifications: ReadonlyMap<string, DeliveryState>,
): Decided {
  const decided: Decided = {
    ...{ moves: new Map(), finished: [], inParts: [], early: [], events: [], ofNone: [] },
    ...{ networks: new Map(), seen: new Set() },
  };
  const statuses = new Map<string, Status>();
  for (const receipt of receipts) {
    const message = known.get(receipt.reference);
    const notification = message && notifications.get(message.notificationId);
    if (message && notification) decideOne(decided, { receipt, message, notification, statuses });
    else if (!message) decided.early.push(receipt);
    else {
      if (receipt.status !== "pending") decided.finished.push(receipt.reference);
      decided.ofNone.push({ id: message.notificationId, receipt });
    }
  }
  return decided;
}

interface OneReport {
  receipt: Receipt;
  message: AwaitedReceipt;
  notification: DeliveryState;
  /** Where this batch has already moved notifications. */
  statuses: Map<string, Status>;
}

function decideOne(decided: Decided, { receipt, message, notification, statuses }: OneReport): void {
  const current = statuses.get(notification.id) ?? (notification.status as Status);
  const to = decideMove({
    current,
    reported: reportedStatus(receipt, current),
    channel: dispatchedChannelOf(notification),
    international: notification.isInternational,
    countryHasReceipts: notification.hasReceipts,
  });
  if (isLastWord(receipt, notification)) decided.finished.push(receipt.reference);
  if (receipt.isSeen && !decided.seen.has(notification.id)) {
    decided.seen.add(notification.id);
    decided.events.push({ notificationId: notification.id, kind: "seen", code: receipt.code });
  }
  if (receipt.network !== undefined) decided.networks.set(notification.id, receipt.network);
  if (message.parts > 1) decided.inParts.push(notification.id);
  if (to === "ignore") {
    noteLate(decided, { receipt, notification, current });
    return;
  }
  if (message.parts === 1 || to !== "delivered") statuses.set(notification.id, to);
  addMove(decided, { to, code: receipt.code, ids: [notification.id] });
}

/** After a chat message was delivered, its app may still say that it was seen. */
function isLastWord({ status, isSeen = false }: Receipt, { channel }: DeliveryState): boolean {
  if (status === "pending") return false;
  return channel !== "chat" || status !== "delivered" || isSeen;
}

function reportedStatus({ status, statusIfPending }: Receipt, current: Status): Status {
  return current === "pending" ? (statusIfPending ?? status) : status;
}

function addMove(decided: Decided, move: MoveGroup): void {
  const key = `${move.to} ${move.code ?? ""}`;
  const group = decided.moves.get(key);
  if (group) group.ids.push(...move.ids);
  else decided.moves.set(key, move);
}

/** A repeated report of what is already so is nothing new; one that says otherwise is kept for the timeline. */
function noteLate(decided: Decided, late: { receipt: Receipt; notification: DeliveryState; current: Status }): void {
  const { receipt, notification, current } = late;
  if (receipt.status === current || !FINAL_STATUSES.includes(current)) return;
  decided.events.push({
    notificationId: notification.id,
    kind: "late-receipt",
    code: receipt.code,
    reason: receipt.status,
  });
}

async function moveAndTell({ app, callbacks }: Desk, tx: Tx, group: MoveGroup): Promise<Told> {
  const { to } = group;
  if (group.ids.length === 0) return { to, taken: [], moved: [] };
  const at = app.clock.now();
  const moved = await moveStatus(tx, {
    ids: group.ids,
    to: group.to,
    from: statusesBefore(group.to),
    at,
    reportedCode: group.code,
  });
  await planReceipts(app, tx, { notifications: moved, code: group.code, at });
  const entries = group.to === "pending" ? [] : await deliveryReceiptJobs(app, moved);
  const isTaken = callbacks?.mayTake(entries.length) ?? false;
  await enqueue(tx, CALLBACK_QUEUE, callbacks && isTaken ? { entries, leaseMs: callbacks.leaseMs } : { entries });
  return { to, taken: isTaken ? entries : [], moved };
}

/** Once: an app says so again, and what it said of before is in the events. */
async function tellSeen(app: App, tx: Tx, ids: ReadonlySet<string>): Promise<void> {
  if (ids.size === 0) return;
  const before = new Set(await listSeen(tx, [...ids]));
  const news = [...ids].filter((id) => !before.has(id));
  if (news.length === 0) return;
  const told = { notifications: await getReported(tx, news), at: app.clock.now() };
  await enqueue(tx, CALLBACK_QUEUE, { entries: await seenJobs(app, told) });
}

/** Reports on messages we do not know yet are kept, and looked at again in a moment. */
async function keepEarly(app: App, tx: Tx, early: { provider: string; receipts: readonly Receipt[] }): Promise<void> {
  const wakeAt = new Date(app.clock.now().getTime() + EARLY_RETRY_MS);
  const entries = early.receipts.map((receipt) => ({
    id: newId(),
    lane: LANES.normal,
    group: early.provider,
    wakeAt,
    payload: { provider: early.provider, receipt, tries: 1 },
  }));
  await enqueue(tx, EARLY_RECEIPT_QUEUE, { entries });
}
