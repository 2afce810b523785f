/**
 * Sends the code by email where the text with it fails, or is not delivered in time. A job looks at the text every few seconds, so that
 * receipts of all the other texts pay nothing for these few.
 */
import type { Status } from "../../core/delivery/statuses.ts";
import { Refusal } from "../../core/refusal.ts";
import { type FallbackStep, fallbackStep } from "../../core/verification/verification-state.ts";
import { errorFields } from "../../platform/log.ts";
import { acknowledge, type Consumer, consume, type Job, retryAt } from "../../platform/queue.ts";
import { findNotification } from "../../records/notifications/notification-store.ts";
import type { Service } from "../../records/services/service.ts";
import { FALLBACK_NUMBER, type Verification, type VerificationWish } from "../../records/verifications/verification.ts";
import { findVerification, listCodes } from "../../records/verifications/verification-store.ts";
import type { Intake } from "../intake/accept.ts";
import { FALLBACK_QUEUE } from "../jobs.ts";
import { withinLimitOfCodes } from "./limit-of-codes.ts";
import { sendCode } from "./send-code.ts";
import { openWish } from "./verify.ts";

const BATCH_MAX = 100;
const LEASE_MS = 30_000;
const TRY_AGAIN_AFTER_MS = 3_000;
const NOTHING_LEFT: FallbackStep = { kind: "none" };

interface FallbackJob {
  serviceId: string;
}

export function startFallbacks(intake: Intake): Promise<Consumer> {
  return consume<FallbackJob>(intake.db, {
    queue: FALLBACK_QUEUE,
    batch: BATCH_MAX,
    leaseMs: LEASE_MS,
    room: () => BATCH_MAX,
    handle: async (jobs) => {
      await Promise.all(jobs.map((job) => look(intake, job)));
    },
    onError: (error) => intake.log.warn("verification.queue-away", errorFields(error)),
  });
}

async function look(intake: Intake, { id, payload: { serviceId } }: Job<FallbackJob>): Promise<void> {
  const now = intake.clock.now();
  const [service, verification] = await Promise.all([
    intake.services.find(serviceId),
    findVerification(intake.db, { serviceId, id }),
  ]);
  const wish = service && verification && openWish(service, verification);
  const step: FallbackStep = wish ? await nextStep(intake, { verification, wish }, now) : NOTHING_LEFT;
  const left = step.kind === "send" && wish ? await fallBack(intake, { service, verification, wish }, now) : step;
  if (left.kind === "look-again") return retryAt(intake.db, FALLBACK_QUEUE, [{ id, wakeAt: left.at }]);
  await acknowledge(intake.db, FALLBACK_QUEUE, [id]);
}

interface Watched {
  verification: Verification;
  wish: VerificationWish;
}

async function nextStep({ db }: Intake, { verification, wish }: Watched, now: Date): Promise<FallbackStep> {
  const { fallbackAfterSeconds } = wish;
  const text = (await listCodes(db, verification.id)).findLast(({ channel }) => channel === "sms");
  if (!text || fallbackAfterSeconds === undefined || verification.fellBackAt) return NOTHING_LEFT;
  const notification = await findNotification(db, verification.serviceId, text.notificationId);
  const status = notification?.status as Status | undefined;
  return fallbackStep(verification, { status, sentAt: text.sentAt, fallbackAfterSeconds }, now);
}

/**
 * That it has fallen back is committed with the code, so that one that comes to nothing is made again, until the codes have run out.
 * Refused, it is left at that: whoever asked sees that there is no email, and why is in the log.
 */
async function fallBack(
  intake: Intake,
  { service, verification, wish }: Watched & { service: Service },
  at: Date,
): Promise<FallbackStep> {
  const { id: verificationId, reference, apiKeyId } = verification;
  const key = service.keys.find(({ id }) => id === apiKeyId);
  if (!key) return NOTHING_LEFT;
  const code = { service, key, wish, verificationId, reference, channel: "email", at } as const;
  try {
    await withinLimitOfCodes(intake, code, () => sendCode(intake, { ...code, number: FALLBACK_NUMBER }));
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind === "unavailable") {
      intake.log.warn("verification.fallback-again", { verificationId, ...errorFields(error) });
      return { kind: "look-again", at: new Date(at.getTime() + TRY_AGAIN_AFTER_MS) };
    }
    intake.log.warn("verification.no-fallback", { verificationId, reason: error.message });
  }
  return NOTHING_LEFT;
}
