/** Answers STOP, START and HELP, and forwards texts by email: both as notifications like any other. */
import { formatForPeople } from "../../core/phone/format-phone-number.ts";
import { Refusal } from "../../core/refusal.ts";
import { errorFields } from "../../platform/log.ts";
import { acknowledge, type Consumer, consume, type Job, retryAt } from "../../platform/queue.ts";
import type { InboundMessage } from "../../records/inbound-messages/inbound-message.ts";
import { getInboundMessages, openInboundMessage } from "../../records/inbound-messages/inbound-message-store.ts";
import type { Service } from "../../records/services/service.ts";
import type { Intake } from "../intake/accept.ts";
import { REPLY_QUEUE, type ReplyJob } from "../jobs.ts";
import { createPeople, type People } from "../people/people.ts";
import { sendAnswer } from "./send-answer.ts";

const BATCH_MAX = 50;
const LEASE_MS = 30_000;
const TRY_AGAIN_AFTER_MS = 30_000;

export function startReplies(intake: Intake): Promise<Consumer> {
  const people = createPeople(intake);
  return consume<ReplyJob>(intake.db, {
    queue: REPLY_QUEUE,
    batch: BATCH_MAX,
    leaseMs: LEASE_MS,
    room: () => BATCH_MAX,
    handle: async (jobs) => {
      await Promise.all(jobs.map((job) => work({ intake, people }, job)));
    },
    onError: (error) => intake.log.warn("replies.queue-away", errorFields(error)),
  });
}

interface Desk {
  intake: Intake;
  people: People;
}

/** What is refused is left at that, and why is in the log; what fails is tried again, and cannot go twice. */
async function work(desk: Desk, { id, payload }: Job<ReplyJob>): Promise<void> {
  const { db, log, clock } = desk.intake;
  const { serviceId, kind } = payload;
  try {
    await carryOut(desk, payload);
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind === "unavailable") {
      log.warn("replies.again", { serviceId, kind, ...errorFields(error) });
      const wakeAt = new Date(clock.now().getTime() + TRY_AGAIN_AFTER_MS);
      return retryAt(db, REPLY_QUEUE, [{ id, wakeAt }]);
    }
    if (error.kind !== "conflict") log.warn("replies.refused", { serviceId, kind, reason: error.kind });
  }
  await acknowledge(db, REPLY_QUEUE, [id]);
}

async function carryOut({ intake, people }: Desk, job: ReplyJob): Promise<void> {
  const service = await intake.services.find(job.serviceId);
  const [sealed] = await getInboundMessages(intake.db, [job.textId]);
  if (!service || !sealed) return;
  const text = openInboundMessage(service, sealed);
  if (job.kind === "answer") return sendAnswer(intake, { service, text, asked: job.asked });
  await forward(people, { service, text, job });
}

interface Forwarding {
  service: Service;
  text: InboundMessage;
  job: Extract<ReplyJob, { to: string }>;
}

function forward({ post, origins }: People, { service, text, job }: Forwarding): Promise<void> {
  const link = `${origins.admin ?? origins.own ?? ""}/services/${service.id}/inbox`;
  const values = { service: service.name, link };
  const onceAs = `forward ${text.id}`;
  if (job.kind === "forward-rest") return post.send({ kind: "texts-not-forwarded", to: job.to, values, onceAs });
  const { userNumber, notifyNumber, content } = text;
  const about = { from: formatForPeople(userNumber), number: notifyNumber, words: content };
  return post.send({ kind: "text-forwarded", to: job.to, values: { ...values, ...about }, onceAs });
}
