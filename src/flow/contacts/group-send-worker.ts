/**
 * Sends messages to groups, a batch of members at a time. A batch flies together; that each got it is written in the same transaction as
 * the message, and the cursor moves after it. So a batch that is tried again, or that two workers have at once, sends to nobody twice,
 * and none is passed over. Counts move with the cursor.
 */
import { Refusal } from "../../core/refusal.ts";
import { errorFields } from "../../platform/log.ts";
import { acknowledge, type Consumer, consume, type Job, retryAt } from "../../platform/queue.ts";
import type { GroupSendCounts, StoredGroupSend } from "../../records/contacts/group-send.ts";
import {
  advanceGroupSend,
  endGroupSend,
  findGroupSend,
  listNextMembers,
  type NextMember,
} from "../../records/contacts/group-send-store.ts";
import type { Service } from "../../records/services/service.ts";
import type { TemplateVersion } from "../../records/templates/template.ts";
import { acceptWith, type Intake } from "../intake/accept.ts";
import { DailyLimitReached } from "../intake/daily-limit.ts";
import { refuseIfMayNotSend } from "../intake/permissions.ts";
import type { Recipient, SendRequest } from "../intake/send-request.ts";
import { getSendableTemplate } from "../intake/sendable-template.ts";
import { GROUP_SEND_QUEUE } from "../jobs.ts";
import { personalisationFrom, withDefaults } from "./contact-personalisation.ts";
import { recipientsOf } from "./contact-suppression.ts";
import { type OpenedGroupMessage, openGroupMessage } from "./group-send.ts";
import { whyPassedOver } from "./members-in-area.ts";
import { openContact } from "./sealed-contacts.ts";

const MEMBERS_AT_ONCE = 200;
const JOBS_AT_ONCE = 4;
const LEASE_MS = 60_000;
const TRY_AGAIN_AFTER_MS = 3_000;

interface GroupSendJob {
  serviceId: string;
  /** Where the job has an id of its own: of a sending that goes on. */
  sendId?: string;
}

export function startGroupSends(intake: Intake): Promise<Consumer> {
  const room = { left: JOBS_AT_ONCE };
  return consume<GroupSendJob>(intake.db, {
    queue: GROUP_SEND_QUEUE,
    batch: JOBS_AT_ONCE,
    leaseMs: LEASE_MS,
    room: () => room.left,
    handle: async (jobs) => {
      room.left -= jobs.length;
      try {
        await Promise.all(jobs.map((job) => work(intake, job)));
      } finally {
        room.left += jobs.length;
      }
    },
    onError: (error) => intake.log.warn("group-send.queue-away", errorFields(error)),
  });
}

/** One batch, and then whoever else waits has a turn. */
async function work(intake: Intake, { id, payload }: Job<GroupSendJob>): Promise<void> {
  const { serviceId, sendId = id } = payload;
  try {
    const isDone = await sendBatch(intake, { serviceId, id: sendId });
    if (isDone) await acknowledge(intake.db, GROUP_SEND_QUEUE, [id]);
    else await retryAt(intake.db, GROUP_SEND_QUEUE, [{ id, wakeAt: intake.clock.now() }]);
  } catch (error) {
    intake.log.warn("group-send.again", { groupSendId: sendId, ...errorFields(error) });
    const wakeAt = new Date(intake.clock.now().getTime() + TRY_AGAIN_AFTER_MS);
    await retryAt(intake.db, GROUP_SEND_QUEUE, [{ id, wakeAt }]).catch(() => undefined); // Its lease ends.
  }
}

/** Whether nothing is left to do. Throws where it is to be tried again. */
export async function sendBatch(intake: Intake, which: { serviceId: string; id: string }): Promise<boolean> {
  const [service, send] = await Promise.all([intake.services.find(which.serviceId), findGroupSend(intake.db, which)]);
  if (send?.status !== "sending") return true;
  if (!service) return end(intake, send, "The service is not there any more");
  const ready = await readyToSend(intake, service, send);
  if (typeof ready === "string") return end(intake, send, ready);
  const members = await listNextMembers(intake.db, { send, purpose: ready.message.consent, limit: MEMBERS_AT_ONCE });
  const last = members.at(-1);
  if (!last) return end(intake, send);
  const outcomes = await Promise.all(members.map((member) => sendTo(intake, ready, member)));
  const stop = outcomes.find((outcome) => typeof outcome === "object");
  if (typeof stop === "object") return end(intake, send, stop.stoppedBecause);
  const counts = countsOf(outcomes);
  const moved = await intake.db.transaction((tx) =>
    advanceGroupSend(tx, { id: send.id, from: send.cursor, to: last.id, counts }),
  );
  return !moved; // Somebody else goes on with it, or nobody is to.
}

async function end({ db, clock }: Intake, { id, serviceId }: StoredGroupSend, because?: string): Promise<true> {
  const status = because === undefined ? "sent" : "stopped";
  await endGroupSend(db, { serviceId, id, status, at: clock.now(), ...(because === undefined ? {} : { because }) });
  return true;
}

interface Ready {
  service: Service;
  send: StoredGroupSend;
  key: SendRequest["key"];
  template: TemplateVersion;
  message: OpenedGroupMessage;
}

/** Or why nobody can be sent to. */
async function readyToSend(intake: Intake, service: Service, send: StoredGroupSend): Promise<Ready | string> {
  const { apiKeyId, templateId, channel } = send;
  const key = service.keys.find(({ id, revokedAt }) => id === apiKeyId && revokedAt === undefined);
  if (apiKeyId !== undefined && !key) return "The API key has been revoked";
  try {
    refuseIfMayNotSend(service, channel);
    const template = await getSendableTemplate(intake.templates, { service, templateId, channel });
    return { service, send, key, template, message: openGroupMessage(service, send) };
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

type Outcome = keyof GroupSendCounts | { stoppedBecause: string };

async function sendTo(intake: Intake, ready: Ready, member: NextMember): Promise<Outcome> {
  const { service, send, message, template } = ready;
  if (member.isSentTo) return "accepted";
  const contact = openContact(service, member);
  const recipient = recipientsOf(contact).find(({ channel }) => channel === send.channel);
  if (!recipient) return "unreachable";
  const passedOver = whyPassedOver(message, contact, member);
  if (passedOver) return passedOver;
  const personalisation = withDefaults(personalisationFrom(contact, template), message.personalisation);
  try {
    await acceptWith(intake, requestFor(ready, recipient, personalisation), {
      template,
      alongside: (notificationId) => ({ groupSend: { sendId: send.id, contactId: contact.id, notificationId } }),
    });
    return "accepted";
  } catch (error) {
    if (error instanceof Refusal) return outcomeOf(error);
    throw error;
  }
}

/** What holds for one member holds them back alone; what holds for all of them stops it. */
function outcomeOf(refusal: Refusal): Outcome {
  switch (refusal.kind) {
    case "suppressed":
      return "suppressed";
    case "conflict": // Another worker was there first.
      return "accepted";
    case "unavailable":
      throw refusal;
    case "not-covered":
      return { stoppedBecause: refusal.message };
    case "limit-reached":
      return refusal instanceof DailyLimitReached && refusal.limitKind !== "international_sms"
        ? { stoppedBecause: refusal.message }
        : "refused";
    default:
      return "refused";
  }
}

function requestFor(
  { service, send, key, message }: Ready,
  recipient: Recipient,
  personalisation: SendRequest["personalisation"],
): SendRequest {
  const { reference, senderId, priority = "low", scheduledFor, validForSeconds, callbackUrl, sentBy } = message;
  return {
    ...{ service, key, recipient, templateId: send.templateId, personalisation, reference, senderId, priority },
    ...{ scheduledFor, validForSeconds, callbackUrl, files: undefined, sanitiseContentFor: [], isFlash: false },
    ...{ oneClickUnsubscribeUrl: undefined, idempotency: undefined },
    ...(send.createdByName === undefined ? {} : { createdByName: send.createdByName }),
    ...(sentBy === undefined ? {} : { sentBy }),
  };
}

function countsOf(outcomes: readonly Outcome[]): GroupSendCounts {
  const counts = {
    accepted: 0,
    suppressed: 0,
    unreachable: 0,
    withoutConsent: 0,
    outside: 0,
    withoutPosition: 0,
    refused: 0,
  };
  for (const outcome of outcomes) if (typeof outcome === "string") counts[outcome] += 1;
  return counts;
}
