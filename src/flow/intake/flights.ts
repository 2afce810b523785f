/**
 * Group commit. Accepted requests of the moment are written together: one transaction, one round trip and one sync to disk for all
 * of them. A lone request flies at once, alone; who comes meanwhile flies next, together, and need not wait for a flight that is slow.
 */
import { Refusal } from "../../core/refusal.ts";
import { type Database, isDatabaseAway, type Tx, violatedUniqueConstraint } from "../../platform/db.ts";
import { enqueue, LANES, type NewJob } from "../../platform/queue.ts";
import { holdFromBalances } from "../../records/balances/hold-store.ts";
import type { GroupSendMessage } from "../../records/contacts/group-send.ts";
import { GROUP_SEND_MESSAGE_CONSTRAINT, insertGroupSendMessages } from "../../records/contacts/group-send-store.ts";
import { countFloods, type FloodCount, overFloodLimit } from "../../records/floods/flood-tally-store.ts";
import { countAndHold, type ReleaseCount } from "../../records/held/held-message-store.ts";
import {
  IDEMPOTENCY_CONSTRAINT,
  type RememberedSend,
  rememberSends,
} from "../../records/idempotency/idempotency-store.ts";
import type { NewLetter } from "../../records/letters/letter.ts";
import { insertLetters } from "../../records/letters/letter-store.ts";
import { markUploadsSent } from "../../records/letters/letter-upload-store.ts";
import { addToDailyTotals, type DailyAddition, overDailyLimit } from "../../records/limits/daily-total-store.ts";
import { countRepeats, overRepeatLimit, type Repeat } from "../../records/limits/repeat-store.ts";
import { addToSpendTotals } from "../../records/limits/spend-total-store.ts";
import type { NewNotification } from "../../records/notifications/notification.ts";
import { insertNotifications } from "../../records/notifications/notification-store.ts";
import type { TakenStep } from "../../records/reaches/reach.ts";
import { takeSteps } from "../../records/reaches/reach-store.ts";
import type { Channel } from "../../records/services/service.ts";
import {
  type AwaitedSmppReceipt,
  insertAwaitedSmppReceipts,
} from "../../records/smpp-accounts/awaited-smpp-receipt-store.ts";
import { deleteKeptParts } from "../../records/smpp-accounts/smpp-part-store.ts";
import {
  FALLBACK_NUMBER,
  type NewVerification,
  type NewVerificationCode,
} from "../../records/verifications/verification.ts";
import {
  insertVerificationCodes,
  insertVerifications,
  recordFallbacks,
} from "../../records/verifications/verification-store.ts";
import { DISPATCH_QUEUES, FALLBACK_QUEUE, LETTER_QUEUE } from "../jobs.ts";
import { type Charges, createShortfalls, type Shortfalls, type Unpaid } from "./shortfalls.ts";

const FLIGHTS_AT_ONCE_MAX = 2;
/** One flight that carries all who came meanwhile costs less than two, so a second one leaves only beside one that takes so long. */
const SLOW_AFTER_MS = 20;
const PASSENGERS_MAX = 500;
/** More than this waiting means we cannot keep up: better to say so than to let callers time out. */
const WAITING_MAX = 20_000;
const RETRY_AFTER_SECONDS = 1;
/** What keeps one thing from being sent twice. */
const ONLY_ONCE: readonly string[] = [IDEMPOTENCY_CONSTRAINT, GROUP_SEND_MESSAGE_CONSTRAINT];

/** One request's share of a flight. */
export interface Passenger {
  notification: NewNotification;
  /** Beside its notification, of a letter. */
  letter?: NewLetter;
  /** The code that it carries, and whom it verifies, if this is the first. */
  verification?: { made: NewVerification | undefined; code: NewVerificationCode; fallbackAt: Date | undefined };
  /** The step of a reach that its message is. */
  reach?: TakenStep;
  /** Beside its notification, of a text that came over SMPP. */
  smpp?: { awaited: readonly AwaitedSmppReceipt[]; joinedPartIds: readonly string[] };
  /** Beside its notification, of a message to a whole group. */
  groupSend?: GroupSendMessage;
  /** What a text costs, where its service stops at an amount or is paid for from a balance. */
  charges?: Charges | undefined;
  /** What it counts towards today's limits: nothing for a test key. */
  dailyAdditions: readonly DailyAddition[];
  /** What it counts towards being held for two people to release. */
  release?: ReleaseCount | undefined;
  /** What it counts towards the limits of texts to one number. */
  repeats?: readonly Repeat[];
  /** What it counts towards being more than guards against floods let through. */
  floods?: readonly FloodCount[];
  remembered: RememberedSend | undefined;
}

/** What may keep a passenger from flying that is not a fault. */
export type Boarding =
  | "accepted"
  | "twin-went-first"
  | { overLimit: DailyAddition }
  | { repeated: Repeat }
  | { flooded: FloodCount }
  | Unpaid;

export interface Flights {
  /** Resolves when the notification is durable, or with what kept it back. Rejects with `unavailable` while the database is away. */
  board(passenger: Passenger): Promise<Boarding>;
}

interface Ticket {
  passenger: Passenger;
  resolve: (boarding: Boarding) => void;
  reject: (error: unknown) => void;
}

/** `onDeparture` is told, for each channel that flew, that there is something to dispatch. */
export function createFlights(db: Database, onDeparture: (channel: Channel) => void): Flights {
  const waiting: Ticket[] = [];
  const shortfalls = createShortfalls();
  const air = createAirspace();
  const state = { isPlanned: false };
  const depart = (): void => {
    state.isPlanned = false;
    if (!air.isFree() || waiting.length === 0) return;
    const tickets = waiting.splice(0, PASSENGERS_MAX);
    const land = air.enter(depart);
    fly({ db, shortfalls }, tickets).finally(() => {
      land();
      for (const channel of new Set(tickets.map(({ passenger }) => passenger.notification.channel)))
        onDeparture(channel);
      depart();
    });
  };
  return {
    board(passenger) {
      if (waiting.length >= WAITING_MAX) return Promise.reject(tryLater());
      const unpaid = shortfalls.find(passenger.charges);
      if (unpaid) return Promise.resolve(unpaid);
      return new Promise((resolve, reject) => {
        waiting.push({ passenger, resolve, reject });
        if (state.isPlanned || !air.isFree()) return;
        state.isPlanned = true;
        setImmediate(depart); // All requests that this turn of the event loop brings fly together.
      });
    },
  };
}

/** Free for a flight where none is under way but slow ones, and not too many of those. */
function createAirspace() {
  const flights = { underWay: 0, slow: 0 };
  return {
    isFree: () => flights.underWay === flights.slow && flights.underWay < FLIGHTS_AT_ONCE_MAX,
    /** `onSlow` is told when it makes room for another before it has landed. Returns how it lands. */
    enter(onSlow: () => void): () => void {
      let isSlow = false;
      flights.underWay += 1;
      const timer = setTimeout(() => {
        isSlow = true;
        flights.slow += 1;
        onSlow();
      }, SLOW_AFTER_MS);
      return () => {
        clearTimeout(timer);
        flights.underWay -= 1;
        if (isSlow) flights.slow -= 1;
      };
    },
  };
}

interface Field {
  db: Database;
  shortfalls: Shortfalls;
}

/** Settles every ticket; never rejects. */
async function fly(field: Field, tickets: readonly Ticket[]): Promise<void> {
  try {
    await commit(field.db, tickets);
    for (const ticket of tickets) ticket.resolve("accepted");
  } catch (error) {
    const [only] = tickets;
    if (isDatabaseAway(error)) for (const ticket of tickets) ticket.reject(tryLater());
    else if (tickets.length > 1) await flyOneByOne(field, tickets);
    else if (only) settleRefused(field, only, error);
  }
}

/** One passenger's trouble is not the others': each flies alone. Once a limit is reached, those it holds back need not ask again. */
async function flyOneByOne(field: Field, tickets: readonly Ticket[]): Promise<void> {
  const full = new Set<string>();
  for (const ticket of tickets) {
    const keptBack = knownToBeKeptBack(field, ticket.passenger, full);
    if (keptBack) {
      ticket.resolve(keptBack);
      continue;
    }
    const settle = ticket.resolve;
    const watched = {
      ...ticket,
      resolve: (boarding: Boarding) => {
        if (typeof boarding === "object" && "overLimit" in boarding) full.add(limitKey(boarding.overLimit));
        if (typeof boarding === "object" && "flooded" in boarding && !isDear(boarding.flooded))
          full.add(floodedKey(boarding.flooded));
        settle(boarding);
      },
    };
    await fly(field, [watched]);
  }
}

function knownToBeKeptBack(
  { shortfalls }: Field,
  { dailyAdditions, floods = [], charges }: Passenger,
  full: ReadonlySet<string>,
): Boarding | undefined {
  const overLimit = dailyAdditions.find((addition) => full.has(limitKey(addition)));
  const flooded = floods.find((count) => full.has(floodedKey(count)));
  if (overLimit) return { overLimit };
  return flooded ? { flooded } : shortfalls.find(charges);
}

function settleRefused({ shortfalls }: Field, ticket: Ticket, error: unknown): void {
  const { dailyAdditions, charges, repeats = [], floods = [] } = ticket.passenger;
  const unpaid = shortfalls.note(error, charges);
  const overLimit = overDailyLimit(error, dailyAdditions);
  const repeated = overRepeatLimit(error, repeats);
  const flooded = overFloodLimit(error, floods);
  if (overLimit) ticket.resolve({ overLimit });
  else if (repeated) ticket.resolve({ repeated });
  else if (flooded) ticket.resolve({ flooded });
  else if (unpaid) ticket.resolve(unpaid);
  else if (ONLY_ONCE.includes(violatedUniqueConstraint(error) ?? "")) ticket.resolve("twin-went-first");
  else ticket.reject(error);
}

async function commit(db: Database, tickets: readonly Ticket[]): Promise<void> {
  const passengers = tickets.map((ticket) => ticket.passenger);
  const notifications = passengers.map((passenger) => passenger.notification);
  const releases = passengers.flatMap(({ release }) => release ?? []);
  // What is counted comes last, in one order: those rows are what two flights may wait for each other on.
  await db.flight((tx) => [
    insertNotifications(tx, notifications),
    enqueue(tx, DISPATCH_QUEUES.sms, { entries: dispatchJobs(notifications, "sms") }),
    enqueue(tx, DISPATCH_QUEUES.email, { entries: dispatchJobs(notifications, "email") }),
    enqueue(tx, DISPATCH_QUEUES.chat, { entries: dispatchJobs(notifications, "chat") }),
    insertAllLetters(
      tx,
      passengers.flatMap((passenger) => passenger.letter ?? []),
    ),
    enqueue(tx, LETTER_QUEUE, { entries: dispatchJobs(notifications, "letter") }),
    insertCodes(tx, passengers),
    writePlans(tx, passengers),
    writeSmpp(tx, passengers),
    rememberSends(
      tx,
      passengers.flatMap((passenger) => passenger.remembered ?? []),
    ),
    holdFromBalances(
      tx,
      passengers.flatMap(({ charges }) => charges?.hold ?? []),
    ),
    addToSpendTotals(
      tx,
      passengers.flatMap(({ charges }) => charges?.spends ?? []),
    ),
    countRepeats(
      tx,
      passengers.flatMap(({ repeats }) => repeats ?? []),
    ),
    countFloods(
      tx,
      passengers.flatMap(({ floods }) => floods ?? []),
    ),
    countAndHold(tx, releases),
    addToDailyTotals(tx, summed(passengers.flatMap((passenger) => passenger.dailyAdditions))),
  ]);
}

async function writeSmpp(tx: Tx, passengers: readonly Passenger[]): Promise<void> {
  const carried = passengers.flatMap(({ smpp }) => smpp ?? []);
  await Promise.all([
    insertAwaitedSmppReceipts(
      tx,
      carried.flatMap(({ awaited }) => awaited),
    ),
    deleteKeptParts(
      tx,
      carried.flatMap(({ joinedPartIds }) => joinedPartIds),
    ),
  ]);
}

async function insertAllLetters(tx: Tx, letters: readonly NewLetter[]): Promise<void> {
  const uploads = letters.flatMap(({ uploadId, notificationId }) => (uploadId ? [{ uploadId, notificationId }] : []));
  await Promise.all([insertLetters(tx, letters), markUploadsSent(tx, uploads)]);
}

/** What they are a part of: a reach, a message to a group. Few flights carry any. */
async function writePlans(tx: Tx, passengers: readonly Passenger[]): Promise<void> {
  await Promise.all([
    takeSteps(
      tx,
      passengers.flatMap(({ reach }) => reach ?? []),
    ),
    insertGroupSendMessages(
      tx,
      passengers.flatMap(({ groupSend }) => groupSend ?? []),
    ),
  ]);
}

/** Few flights carry any. */
async function insertCodes(tx: Tx, passengers: readonly Passenger[]): Promise<void> {
  const carried = passengers.flatMap(({ verification }) => verification ?? []);
  if (carried.length === 0) return;
  const codes = carried.map(({ code }) => code);
  const watched = carried.flatMap(({ made, fallbackAt }) => (made && fallbackAt ? [{ made, fallbackAt }] : []));
  await Promise.all([
    insertVerifications(
      tx,
      carried.flatMap(({ made }) => made ?? []),
    ),
    insertVerificationCodes(tx, codes),
    recordFallbacks(
      tx,
      codes.filter(({ number }) => number === FALLBACK_NUMBER),
    ),
    enqueue(tx, FALLBACK_QUEUE, {
      entries: watched.map(({ made: { id, serviceId }, fallbackAt: wakeAt }) => {
        return { id, lane: LANES.high, group: serviceId, payload: { serviceId }, wakeAt };
      }),
    }),
  ]);
}

function dispatchJobs(notifications: readonly NewNotification[], channel: string): NewJob[] {
  return notifications
    .filter((notification) => notification.channel === channel)
    .map(({ id, lane, serviceId, scheduledFor }) => ({
      id,
      lane,
      group: serviceId,
      ...(scheduledFor ? { wakeAt: scheduledFor } : {}),
    }));
}

function summed(additions: readonly DailyAddition[]): DailyAddition[] {
  const sums = new Map<string, DailyAddition>();
  for (const addition of additions) {
    const key = limitKey(addition);
    sums.set(key, { ...addition, added: addition.added + (sums.get(key)?.added ?? 0) });
  }
  return [...sums.values()];
}

function limitKey(addition: DailyAddition): string {
  return `${addition.serviceId} ${addition.kind} ${addition.day}`;
}

/** It may be too much all by itself, and says nothing of the others. */
function isDear({ amount, atLeast }: FloodCount): boolean {
  return Number(amount) > atLeast;
}

function floodedKey({ ruleId, serviceId, subject }: FloodCount): string {
  return `flood ${ruleId} ${serviceId} ${subject}`;
}

function tryLater(): Refusal {
  return new Refusal("unavailable", "Pennypost cannot take this at the moment; try again", {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
