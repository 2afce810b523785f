/** How an omnimessage of several messages does, and taking it back while none of them has been sent. */
import { requestedApp } from "../../../core/chat/chat-recipient.ts";
import { type OmnimessageState, omnimessageState, SEEN } from "../../../core/delivery/omnimessage-states.ts";
import { parsePhoneNumber } from "../../../core/phone/parse-phone-number.ts";
import { stepMessageId } from "../../../core/reach/reach-course.ts";
import { Refusal } from "../../../core/refusal.ts";
import { openContent } from "../../../flow/personal-content.ts";
import { cancelReach } from "../../../flow/reach/end-reach.ts";
import { openWish } from "../../../flow/reach/reach-wish.ts";
import { type ReachDetails, readReach, type StepDetails } from "../../../flow/reach/read-reach.ts";
import { listSeen } from "../../../records/notifications/event-store.ts";
import type { Notification } from "../../../records/notifications/notification.ts";
import { getNotifications } from "../../../records/notifications/notification-store.ts";
import type { StepWish } from "../../../records/reaches/reach.ts";
import { type Call, pathId } from "../http/call.ts";

const WAITING: OmnimessageState = { status: "ACK", err: 0, error: null };

/** Undefined for what is no omnimessage of several. */
export async function findSeveral(call: Call): Promise<ReachDetails | undefined> {
  const { service, key, api } = call;
  try {
    const which = { serviceId: service.id, keyKind: key.kind, id: pathId(call, "notification_id") };
    const details = await readReach(api.intake, which);
    return details.steps.every(({ channel }) => channel === "sms" || channel === "chat") ? details : undefined;
  } catch (error) {
    if (error instanceof Refusal && error.kind === "not-found") return undefined;
    throw error;
  }
}

/** Every message whose turn has come, or may still come. Whom it is for is known as long as there is a message to ask. */
export async function statusOfSeveral({ api: { intake }, service }: Call, details: ReachDetails) {
  const { reach, steps } = details;
  const ids = steps.flatMap(({ notificationId }) => notificationId ?? []);
  const [notifications, seen] = await Promise.all([
    ids.length > 0 ? getNotifications(intake.db, ids) : [],
    ids.length > 0 ? listSeen(intake.db, ids) : [],
  ]);
  const wish = openWish(service, reach);
  const told = steps.filter(({ begunAt }) => begunAt !== undefined || reach.status === "working");
  const first = notifications.find(({ sealedContent }) => sealedContent);
  const to = first ? openContent(service, first).recipient : digitsIn(wish?.steps[0]);
  return {
    omnimessage_id: reach.id,
    to: to === undefined ? null : `+${to}`,
    statuses: told.map((step) => {
      const notification = notifications.find(({ id }) => id === step.notificationId);
      const app = notification?.sender ?? wish?.steps.find(({ number }) => number === step.number)?.person?.app;
      return {
        channel: step.channel === "sms" ? "sms" : requestedApp(app),
        message_id: stepMessageId(reach.id, step.number),
        ...stateOf(step, seen),
        timestamp: momentOf(step, notification, reach.createdAt).toISOString(),
      };
    }),
  };
}

function digitsIn(step: StepWish | undefined): string | undefined {
  const number = parsePhoneNumber(step?.recipient ?? `+${step?.person?.address}`);
  return typeof number === "string" ? undefined : number.digits;
}

function stateOf({ begunAt, notificationId, passedOverWords, status }: StepDetails, seen: readonly string[]) {
  if (begunAt === undefined) return WAITING;
  if (passedOverWords !== undefined) return { status: "REJECTD", err: 999, error: passedOverWords } as const;
  if (notificationId !== undefined && seen.includes(notificationId)) return omnimessageState(SEEN);
  return status === undefined ? ({ status: "UNKNOWN", err: 0, error: null } as const) : omnimessageState(status);
}

function momentOf({ begunAt }: StepDetails, notification: Notification | undefined, createdAt: Date): Date {
  return notification?.updatedAt ?? begunAt ?? createdAt;
}

/** Only what is scheduled, and of which nothing has begun to be sent. */
export async function cancelSeveral({ api: { intake }, service, key }: Call, { reach }: ReachDetails): Promise<void> {
  if (reach.step > 0) throw new Refusal("bad-request", "It is being sent: only what is scheduled can be taken back");
  await cancelReach(intake, { serviceId: service.id, keyKind: key.kind, id: reach.id });
}
