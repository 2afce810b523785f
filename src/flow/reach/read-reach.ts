/** Reaches with what has become of the messages of their steps, many at once. */
import type { Status } from "../../core/delivery/statuses.ts";
import { type Decimal, decimal, plus } from "../../core/price/decimal.ts";
import type { HomeMoney } from "../../core/price/home-money.ts";
import { letterRateOn } from "../../core/price/letter-rates.ts";
import type { ReachCourse, StepCourse } from "../../core/reach/reach-course.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Db } from "../../platform/db.ts";
import { getHomeMoney } from "../../records/deployment/home-money.ts";
import { findAnswered } from "../../records/inbound-messages/answer-store.ts";
import { parseInboundNumber } from "../../records/inbound-numbers/inbound-number-store.ts";
import type { Letter } from "../../records/letters/letter.ts";
import { listLetters } from "../../records/letters/letter-store.ts";
import { listSeen } from "../../records/notifications/event-store.ts";
import type { Notification } from "../../records/notifications/notification.ts";
import { getNotifications } from "../../records/notifications/notification-store.ts";
import type { Reach, ReachStep } from "../../records/reaches/reach.ts";
import { findReach, getReaches, listReaches, listSteps, type ReachFilter } from "../../records/reaches/reach-store.ts";
import type { KeyKind } from "../../records/services/service.ts";
import type { App } from "../app.ts";

const NOTHING = decimal("0.0");

/** Messages that nobody pays for. */
const NOT_CHARGED: readonly Status[] = ["cancelled", "technical-failure", "validation-failed", "virus-scan-failed"];

export interface StepDetails extends ReachStep, StepCourse {
  /** What its message costs as far as is known: at most as much as was thought when it was accepted. */
  costSoFar: Decimal | undefined;
}

export interface ReachDetails extends ReachCourse {
  reach: Reach;
  /** Of what it costs. */
  currency: string;
  steps: readonly StepDetails[];
  cost: Decimal;
}

/** By id, of any service: for the flow. */
export async function readReaches(db: Db, ids: readonly string[]): Promise<ReachDetails[]> {
  return ids.length === 0 ? [] : detailsOf(db, await getReaches(db, ids));
}

export async function readReachList(db: Db, filter: ReachFilter): Promise<ReachDetails[]> {
  return detailsOf(db, await listReaches(db, filter));
}

/** Another kind of key has reaches of its own; people see those of all. */
export async function readReach(
  { db }: Pick<App, "db">,
  which: { serviceId: string; keyKind?: KeyKind; id: string },
): Promise<ReachDetails> {
  const reach = await findReach(db, which);
  const [details] = reach ? await detailsOf(db, [reach]) : [];
  if (!details) throw new Refusal("not-found", "No result found");
  return details;
}

async function detailsOf(db: Db, reaches: readonly Reach[]): Promise<ReachDetails[]> {
  if (reaches.length === 0) return [];
  const steps = await listSteps(
    db,
    reaches.map(({ id }) => id),
  );
  const [known, home] = await Promise.all([messagesOf(db, steps), getHomeMoney(db)]);
  return reaches.map((reach) => {
    const own = steps.filter(({ reachId }) => reachId === reach.id).map((step) => stepDetails(step, known, home));
    const cost = own.map(({ costSoFar }) => costSoFar ?? NOTHING).reduce<Decimal>(plus, NOTHING);
    const { createdAt, deadline } = reach;
    return { reach, currency: home.currency, createdAt, deadline, steps: own, cost };
  });
}

interface Messages {
  notifications: ReadonlyMap<string, Notification>;
  letters: ReadonlyMap<string, Letter>;
  /** Whose recipients have written back. */
  answered: ReadonlySet<string>;
  /** Whose recipients have seen them. */
  seen: ReadonlySet<string>;
}

async function messagesOf(db: Db, steps: readonly ReachStep[]): Promise<Messages> {
  const idsOf = (some: readonly ReachStep[]) => some.flatMap(({ notificationId }) => notificationId ?? []);
  const ids = idsOf(steps);
  const letterIds = idsOf(steps.filter(({ channel }) => channel === "letter"));
  const seenIds = idsOf(steps.filter(({ until }) => until === "seen"));
  const [notifications, letters, seen] = await Promise.all([
    ids.length > 0 ? getNotifications(db, ids) : [],
    letterIds.length > 0 ? listLetters(db, letterIds) : [],
    seenIds.length > 0 ? listSeen(db, seenIds) : [],
  ]);
  const byId = new Map(notifications.map((notification) => [notification.id, notification]));
  const asked = steps.filter(({ until }) => until === "answered");
  return {
    notifications: byId,
    letters: new Map(letters.map((letter) => [letter.notificationId, letter])),
    seen: new Set(seen),
    answered: await answeredOf(
      db,
      idsOf(asked).flatMap((id) => byId.get(id) ?? []),
    ),
  };
}

/** By what came after it, from whom it went to and to where it came from: a number, or a provider of chats. A STOP is no answer. */
async function answeredOf(db: Db, messages: readonly Notification[]): Promise<ReadonlySet<string>> {
  const questions = messages.flatMap(({ id, serviceId, recipientIndex, channel, sender = "", provider }) => {
    const notifyNumber = channel === "chat" ? provider : parseInboundNumber(sender);
    return notifyNumber === undefined ? [] : [{ id, serviceId, senderIndex: recipientIndex, notifyNumber }];
  });
  return new Set(questions.length > 0 ? await findAnswered(db, questions) : []);
}

function stepDetails(
  step: ReachStep,
  { notifications, letters, answered, seen }: Messages,
  home: HomeMoney,
): StepDetails {
  const { notificationId = "", isSimulated } = step;
  const notification = notifications.get(notificationId);
  const status = isSimulated ? "delivered" : (notification?.status as Status | undefined);
  const costSoFar = costOf(step, { status, notification, letter: letters.get(notificationId), home });
  const [isAnswered, isSeen] = [answered.has(notificationId), seen.has(notificationId)];
  return { ...step, status, isAnswered, isSeen, costSoFar };
}

interface Message {
  status: Status | undefined;
  notification: Notification | undefined;
  letter: Letter | undefined;
  home: HomeMoney;
}

function costOf({ cost }: ReachStep, { status, notification, letter, home }: Message): Decimal | undefined {
  if (cost === undefined) return undefined;
  if (status !== undefined && NOT_CHARGED.includes(status)) return NOTHING;
  const sheets = notification?.keyKind === "test" ? undefined : letter?.sheets;
  if (!notification || !letter || sheets === undefined) return decimal(cost);
  return letterRateOn(notification.createdAt, { postage: letter.postage, sheets }, home);
}
