/**
 * What became of messages at the moment they were handed over, written for many at once: statuses, the ids their receipts will name,
 * failed attempts, and the end or the next time of their jobs — all or nothing.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { type DispatchedChannel, dispatchedChannelOf } from "../../core/channels/channels.ts";
import { type NextAttempt, nextAttempt } from "../../core/delivery/retry-timetable.ts";
import { statusesBefore } from "../../core/delivery/statuses.ts";
import { impossible } from "../../core/refusal.ts";
import type { SuppressionReason } from "../../core/suppression/suppression-reason.ts";
import { createBatcher } from "../../platform/batcher.ts";
import { isDatabaseAway, type Tx } from "../../platform/db.ts";
import { acknowledge, enqueue, retryAt } from "../../platform/queue.ts";
import type { Accepted, Outcome } from "../../providers/provider.ts";
import { noteWrittenTo } from "../../records/chat-contacts/chat-contact-store.ts";
import { forgetDocumentKeys } from "../../records/documents/document-store.ts";
import { type AwaitedReceipt, insertAwaitedReceipts } from "../../records/notifications/awaited-receipt-store.ts";
import { insertEvents, type NewEvent } from "../../records/notifications/event-store.ts";
import type { OutgoingNotification, ReportedNotification } from "../../records/notifications/notification.ts";
import {
  moveStatus,
  recordAccepted,
  recordAttempted,
  recordRepeated,
  replaceContents,
} from "../../records/notifications/notification-store.ts";
import type { App } from "../app.ts";
import { deliveryReceiptJobs } from "../callback/plan.ts";
import { CALLBACK_QUEUE, DISPATCH_QUEUES } from "../jobs.ts";
import { noteEnded } from "../quality/note-ended.ts";
import { planReceipts } from "../smpp/plan-deliveries.ts";
import { type Moved, suppressFailing } from "../suppressions/suppress-failing.ts";
import { suppressGone } from "../suppressions/suppress-gone.ts";

/** What has ended meanwhile is written next, together: that costs less than two writes at once of half as many. */
const WRITES_AT_ONCE_MAX = 1;
const RECORDS_MAX = 500;
const RETRY_WHILE_AWAY_MS = 250;
/** Longer than a restart of the database takes. After that the leases decide: the messages go out again, and are marked. */
const AWAY_MAX_MS = 5 * 60_000;

/** One message's end of this round. */
export interface Handled {
  notification: OutgoingNotification;
  isRepeated: boolean;
  ending:
    | { kind: "outcome"; provider: string; routeNote: string; outcome: Outcome }
    /** Nothing was tried: its job comes back at `at`. */
    | { kind: "put-back"; at: Date }
    /** It is night where it goes: its job comes back in the morning, and its timeline says so. */
    | { kind: "held"; at: Date }
    /** It has waited, and meanwhile its recipient was suppressed. */
    | { kind: "suppressed"; reason: SuppressionReason }
    /** Its time ran out before it was handed over. */
    | { kind: "expired" }
    /** Nothing is left to do: it is gone, or has been sent. */
    | { kind: "nothing-to-do" };
  /** Takes the place of its content once it is done with, where its words are not kept. */
  remains?: Buffer | undefined;
}

export interface Recorder {
  /** Resolves when it is written. */
  record(handled: Handled): Promise<void>;
  /** Resolves when the ids a provider has just given for a message are written, should that be under way. */
  whenWritten(provider: string, reference: string): Promise<void> | undefined;
  idle(): Promise<void>;
}

export function createRecorder(app: App): Recorder {
  const underWay = new Map<string, Promise<void>>();
  const batcher = createBatcher<Handled>({
    writesAtOnceMax: WRITES_AT_ONCE_MAX,
    itemsMax: RECORDS_MAX,
    write: (batch) => writeOncePossible(app, batch),
  });
  return {
    record: (handled) => {
      const written = batcher.add(handled);
      const keys = referenceKeys(handled);
      for (const key of keys) underWay.set(key, written);
      const forget = () => {
        for (const key of keys) underWay.delete(key);
      };
      written.then(forget, forget);
      return written;
    },
    whenWritten: (provider, reference) => underWay.get(`${provider} ${reference}`),
    idle: () => batcher.idle(),
  };
}

function referenceKeys({ ending }: Handled): string[] {
  if (ending.kind !== "outcome" || ending.outcome.kind !== "accepted") return [];
  return ending.outcome.references.map((reference) => `${ending.provider} ${reference}`);
}

/** Everything one batch changes, sorted by what has to be written. */
interface Changes {
  at: Date;
  /** By provider and the route's note: few, as the notes of one moment are alike. */
  accepted: Map<string, { provider: string; routeNote: string; ids: string[]; repeatedIds: string[] }>;
  /** By provider. */
  awaited: Map<string, AwaitedReceipt[]>;
  attempted: Map<string, { ids: string[]; repeatedIds: string[] }>;
  events: NewEvent[];
  moves: Map<string, string[]>;
  done: Record<keyof typeof DISPATCH_QUEUES, string[]>;
  later: Record<keyof typeof DISPATCH_QUEUES, { id: string; wakeAt: Date }[]>;
  /** Of those that come back untried: a job that was put back no longer says that it had been leased before. */
  repeatedIds: string[];
  remains: { id: string; sealedContent: Buffer }[];
  /** Chat messages that were taken, by provider. */
  chats: Map<string, string[]>;
  /** Whose recipients are not there any more. */
  gone: OutgoingNotification[];
}

/** While the database is away nothing else knows what became of these messages, so what is to be written is kept until it can be. */
async function writeOncePossible(app: App, batch: readonly Handled[]): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += RETRY_WHILE_AWAY_MS) {
    try {
      return await write(app, batch);
    } catch (error) {
      if (!isDatabaseAway(error) || waitedMs >= AWAY_MAX_MS) throw error;
      await sleep(RETRY_WHILE_AWAY_MS);
    }
  }
}

interface Ended extends Moved {
  notifications: readonly ReportedNotification[];
}

async function write(app: App, batch: readonly Handled[]): Promise<void> {
  const changes = sortOut(batch, app.clock.now());
  if (changes.moves.size === 0) await app.db.flight((tx) => [...writePlain(tx, changes)]);
  else {
    const moved = await app.db.transaction(async (tx) => {
      await Promise.all(writePlain(tx, changes));
      const ended: Ended[] = [];
      for (const [status, ids] of changes.moves) ended.push(await end(app, tx, { status, ids, at: changes.at }));
      return ended;
    });
    app.wakeCallbacks();
    for (const { notifications } of moved) noteEnded(app, notifications);
    await suppressFailing(app, moved);
    await suppressGone(app, changes.gone);
  }
  noteSent(app, batch, changes.at);
}

/** Counted once they are durable. */
function noteSent({ quality }: App, batch: readonly Handled[], at: Date): void {
  for (const { notification, ending } of batch) {
    const isTaken = ending.kind === "outcome" && ending.outcome.kind === "accepted";
    if (isTaken) quality.noteSent({ ...notification, provider: ending.provider }, at);
  }
}

function writePlain(tx: Tx, changes: Changes): Promise<void>[] {
  const { at } = changes;
  const accepted = [...changes.accepted.values()].map((group) => recordAccepted(tx, { ...group, at }));
  const awaited = [...changes.awaited].map(([provider, receipts]) => insertAwaitedReceipts(tx, provider, receipts));
  const attempted = [...changes.attempted].map(([provider, ids]) => recordAttempted(tx, { ...ids, provider, at }));
  const channels = ["sms", "email", "chat"] as const;
  const jobs = channels.flatMap((channel) => [
    acknowledge(tx, DISPATCH_QUEUES[channel], changes.done[channel]),
    retryAt(tx, DISPATCH_QUEUES[channel], changes.later[channel]),
  ]);
  const chats = [...changes.chats].map(([provider, ids]) => noteWrittenTo(tx, { provider, ids, at }));
  const keys = forgetDocumentKeys(tx, changes.done.email);
  const remains = replaceContents(tx, changes.remains);
  const repeated = recordRepeated(tx, changes.repeatedIds);
  return [
    ...accepted,
    ...awaited,
    ...attempted,
    repeated,
    insertEvents(tx, changes.events),
    ...chats,
    keys,
    remains,
    ...jobs,
  ];
}

/** Moves what has ended to its last status, and has its service told; what was given up on after many tries, not (as Notify does). */
async function end(app: App, tx: Tx, ended: { status: string; ids: string[]; at: Date }): Promise<Ended> {
  const { status, ids, at } = ended;
  const to = status as Parameters<typeof statusesBefore>[0];
  const moved = await moveStatus(tx, { ids, to, from: statusesBefore(to), at });
  await planReceipts(app, tx, { notifications: moved, at });
  if (to !== "technical-failure") await enqueue(tx, CALLBACK_QUEUE, { entries: await deliveryReceiptJobs(app, moved) });
  return { to, notifications: moved };
}

function sortOut(batch: readonly Handled[], at: Date): Changes {
  const changes: Changes = {
    at,
    accepted: new Map(),
    awaited: new Map(),
    attempted: new Map(),
    events: [],
    moves: new Map(),
    done: { sms: [], email: [], chat: [] },
    later: { sms: [], email: [], chat: [] },
    repeatedIds: [],
    remains: [],
    chats: new Map(),
    gone: [],
  };
  for (const handled of batch) sortOne(changes, handled);
  changes.remains = remainsOf(batch, changes);
  return changes;
}

/** Of those that are done with: one that is tried again still wants its words. */
function remainsOf(batch: readonly Handled[], { done }: Changes): Changes["remains"] {
  const withRemains = batch.filter(({ remains }) => remains !== undefined);
  if (withRemains.length === 0) return [];
  const ids = new Set([...done.sms, ...done.email, ...done.chat]);
  return withRemains.flatMap(({ notification: { id }, remains }) =>
    remains && ids.has(id) ? [{ id, sealedContent: remains }] : [],
  );
}

function sortOne(changes: Changes, handled: Handled): void {
  const { notification, ending } = handled;
  const channel = dispatchedChannelOf(notification);
  switch (ending.kind) {
    case "put-back":
      comeBack(changes, handled, { channel, wakeAt: ending.at });
      return;
    case "held":
      comeBack(changes, handled, { channel, wakeAt: ending.at });
      changes.events.push({ notificationId: notification.id, kind: "held", reason: ending.at.toISOString() });
      return;
    case "nothing-to-do":
      changes.done[channel].push(notification.id);
      return;
    case "suppressed":
      changes.done[channel].push(notification.id);
      move(changes, notification, "permanent-failure");
      changes.events.push({ notificationId: notification.id, kind: "suppressed", reason: ending.reason });
      return;
    case "expired":
      changes.done[channel].push(notification.id);
      move(changes, notification, "temporary-failure");
      changes.events.push({ notificationId: notification.id, kind: "gave-up", reason: "no longer valid" });
      return;
    case "outcome":
      sortOutcome(changes, handled, { ...ending, channel });
      return;
    default:
      impossible(ending);
  }
}

interface OutcomeOf {
  provider: string;
  routeNote: string;
  outcome: Outcome;
  channel: DispatchedChannel;
}

function sortOutcome(changes: Changes, handled: Handled, ended: OutcomeOf): void {
  const { notification, isRepeated } = handled;
  const { provider, outcome, channel } = ended;
  const { id } = notification;
  switch (outcome.kind) {
    case "accepted":
      sortAccepted(changes, handled, { ...ended, outcome });
      return;
    case "refused":
      noteAttempt(changes, handled, provider);
      changes.events.push({
        notificationId: id,
        kind: "attempt-refused",
        provider,
        code: outcome.code,
        reason: outcome.reason,
      });
      move(changes, notification, "permanent-failure");
      if (outcome.isGone) changes.gone.push(notification);
      changes.done[channel].push(id);
      return;
    case "unavailable":
      if (outcome.retryAfterMs !== undefined && !outcome.mayHaveBeenSent) {
        waitAsAsked(changes, handled, { channel, afterMs: outcome.retryAfterMs });
        return;
      }
      noteAttempt(changes, { ...handled, isRepeated: isRepeated || outcome.mayHaveBeenSent === true }, provider);
      changes.events.push({
        notificationId: id,
        kind: "attempt-unavailable",
        provider,
        code: outcome.code,
        reason: outcome.reason,
      });
      planRetry(changes, notification, { channel, attempts: notification.attempts + 1 });
      return;
    default:
      impossible(outcome);
  }
}

function sortAccepted(
  changes: Changes,
  { notification, isRepeated }: Handled,
  { provider, routeNote, outcome, channel }: OutcomeOf & { outcome: Accepted },
): void {
  const { id } = notification;
  const fresh = () => ({ provider, routeNote, ids: [], repeatedIds: [] });
  const accepted = entry(changes.accepted, `${provider} ${routeNote}`, fresh);
  accepted.ids.push(id);
  if (isRepeated) accepted.repeatedIds.push(id);
  if (channel === "chat") entry(changes.chats, provider, () => [] as string[]).push(id);
  const parts = outcome.references.length;
  if (outcome.isDelivered) move(changes, notification, "delivered");
  else {
    const awaited = entry(changes.awaited, provider, () => [] as AwaitedReceipt[]);
    for (const messageId of outcome.references) awaited.push({ messageId, notificationId: id, parts });
  }
  changes.done[channel].push(id);
}

/** A provider that asks for a moment has not failed the message: it comes back when the moment is over, as long as it may be sent at all. */
function waitAsAsked(
  changes: Changes,
  handled: Handled,
  { channel, afterMs }: { channel: DispatchedChannel; afterMs: number },
): void {
  const ended = giveUp(changes, handled.notification, { channel, attempts: 1 });
  if (ended) return;
  comeBack(changes, handled, { channel, wakeAt: new Date(changes.at.getTime() + afterMs) });
}

/** Nothing was tried this time, but perhaps before. */
function comeBack(
  changes: Changes,
  { notification: { id }, isRepeated }: Handled,
  { channel, wakeAt }: { channel: DispatchedChannel; wakeAt: Date },
): void {
  changes.later[channel].push({ id, wakeAt });
  if (isRepeated) changes.repeatedIds.push(id);
}

interface Plan {
  channel: DispatchedChannel;
  /** Attempts made so far, this one included. */
  attempts: number;
}

function planRetry(changes: Changes, notification: OutgoingNotification, plan: Plan): void {
  const next = timetable(changes, notification, plan);
  if (next.kind === "retry") changes.later[plan.channel].push({ id: notification.id, wakeAt: next.at });
  else giveUp(changes, notification, plan);
}

function timetable(changes: Changes, notification: OutgoingNotification, { channel, attempts }: Plan): NextAttempt {
  const { createdAt, scheduledFor, validUntil } = notification;
  return nextAttempt({ channel, made: attempts, firstTriedAt: scheduledFor ?? createdAt, now: changes.at, validUntil });
}

/** Ends a message whose retries or time have run out; says whether it was so. */
function giveUp(changes: Changes, notification: OutgoingNotification, plan: Plan): boolean {
  const next = timetable(changes, notification, plan);
  if (next.kind !== "give-up") return false;
  changes.done[plan.channel].push(notification.id);
  changes.events.push({ notificationId: notification.id, kind: "gave-up", reason: next.reason });
  move(changes, notification, next.status);
  return true;
}

function noteAttempt(changes: Changes, { notification, isRepeated }: Handled, provider: string): void {
  const attempted = entry(changes.attempted, provider, () => ({ ids: [], repeatedIds: [] }));
  attempted.ids.push(notification.id);
  if (isRepeated) attempted.repeatedIds.push(notification.id);
}

function move(changes: Changes, notification: OutgoingNotification, status: string): void {
  entry(changes.moves, status, () => [] as string[]).push(notification.id);
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
