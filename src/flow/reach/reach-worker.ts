/**
 * Takes the steps of reaches, one after the other, until somebody is reached. A job looks at each reach from time to time, so that receipts
 * of ordinary messages pay nothing for these few. A step is begun in the transaction that accepts its message: a worker that dies has done
 * both or neither, and of two that look at once one does.
 */
import { compareDecimals, type Decimal, decimal, decimalText, plus } from "../../core/price/decimal.ts";
import { moneyWords } from "../../core/price/money-words.ts";
import { nextMove } from "../../core/reach/reach-course.ts";
import { impossible, Refusal } from "../../core/refusal.ts";
import { errorFields } from "../../platform/log.ts";
import { acknowledge, type Consumer, consume, type Job, retryAt } from "../../platform/queue.ts";
import type { TakenStep } from "../../records/reaches/reach.ts";
import { isTakenAlready, passOver, takeSteps } from "../../records/reaches/reach-store.ts";
import type { ApiKey, Service } from "../../records/services/service.ts";
import type { Alongside, Intake } from "../intake/accept.ts";
import { REACH_QUEUE } from "../jobs.ts";
import { end } from "./end-reach.ts";
import { openWish } from "./reach-wish.ts";
import { type ReachDetails, readReaches } from "./read-reach.ts";
import { STEP_CHANNELS, type StepToSend } from "./step-channels.ts";

const BATCH_MAX = 100;
const LEASE_MS = 30_000;
const TRY_AGAIN_AFTER_MS = 3_000;
const KEY_REVOKED = "The API key it was asked for with has been revoked";

/** What is to be done with a job: to be looked at again, or nothing any more. */
type Next = { kind: "done" } | { kind: "look-again"; at: Date };

export function startReaches(intake: Intake): Promise<Consumer> {
  return consume(intake.db, {
    queue: REACH_QUEUE,
    batch: BATCH_MAX,
    leaseMs: LEASE_MS,
    room: () => BATCH_MAX,
    handle: (jobs) => look(intake, jobs),
    onError: (error) => intake.log.warn("reach.queue-away", errorFields(error)),
  });
}

async function look(intake: Intake, jobs: readonly Job[]): Promise<void> {
  const now = intake.clock.now();
  const reaches = await readReaches(
    intake.db,
    jobs.map(({ id }) => id),
  );
  const byId = new Map(reaches.map((details) => [details.reach.id, details]));
  const looked = await Promise.all(
    jobs.map(async ({ id }) => ({ id, next: await lookAtOne(intake, byId.get(id), now) })),
  );
  const again = looked.flatMap(({ id, next }) => (next.kind === "look-again" ? [{ id, wakeAt: next.at }] : []));
  const done = looked.flatMap(({ id, next }) => (next.kind === "done" ? [id] : []));
  await retryAt(intake.db, REACH_QUEUE, again);
  await acknowledge(intake.db, REACH_QUEUE, done);
}

/** One that cannot be dealt with at the moment holds up no other. */
async function lookAtOne(intake: Intake, details: ReachDetails | undefined, now: Date): Promise<Next> {
  if (details?.reach.status !== "working") return { kind: "done" };
  try {
    return await move(intake, details, now);
  } catch (error) {
    if (isTakenAlready(error)) return { kind: "look-again", at: now };
    intake.log.warn("reach.again", { reachId: details.reach.id, ...errorFields(error) });
    return { kind: "look-again", at: new Date(now.getTime() + TRY_AGAIN_AFTER_MS) };
  }
}

async function move(intake: Intake, details: ReachDetails, now: Date): Promise<Next> {
  const next = nextMove(details, now);
  const { step: ifStepIs } = details.reach;
  switch (next.kind) {
    case "look-again":
      return next;
    case "take":
      await takeOrPassOver(intake, details, { number: next.step, at: now });
      return { kind: "look-again", at: now };
    case "reached":
      await end(intake, details, { status: "reached", reachedStep: next.step, reachedBy: next.by });
      return { kind: "done" };
    case "not-reached":
      if (await end(intake, details, { status: "not-reached", because: next.because, ifStepIs }))
        return { kind: "done" };
      return { kind: "look-again", at: now };
    default:
      return impossible(next);
  }
}

interface Turn {
  number: number;
  at: Date;
}

/** What is refused now is passed over, and the next step's turn comes at once; what cannot be taken at the moment is tried again. */
async function takeOrPassOver(intake: Intake, details: ReachDetails, turn: Turn): Promise<void> {
  const { id: reachId } = details.reach;
  const pass = (passedOver: "cost" | "refused", words: string) =>
    passOver(intake.db, { reachId, ...turn, passedOver, words });
  try {
    const tooDear = await take(intake, details, turn);
    if (tooDear) await pass("cost", `It may cost ${moneyWords(tooDear, details.currency)}, which is more than is left`);
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind === "unavailable") throw error;
    await pass("refused", error.message);
  }
}

/** Accepts the message of the step. Where it costs more than may be spent it does not, and says how much that would be. */
async function take(intake: Intake, details: ReachDetails, { number, at }: Turn): Promise<Decimal | undefined> {
  const send = await stepToSend(intake, details, { number, at });
  const channel = STEP_CHANNELS[send.step.channel];
  const price = await channel.price(intake, send);
  const { id: reachId, mostCost } = details.reach;
  if (mostCost !== undefined && compareDecimals(plus(details.cost, price), decimal(mostCost)) > 0) return price;
  const taken = { reachId, number, cost: decimalText(price), at };
  if (channel.isSimulated(send))
    await intake.db.transaction((tx) => takeSteps(tx, [{ ...taken, notificationId: undefined }]));
  else await channel.accept(intake, send, alongside(taken));
  return undefined;
}

function alongside(taken: Omit<TakenStep, "notificationId">): Alongside {
  return (notificationId) => ({ reach: { ...taken, notificationId } });
}

async function stepToSend(intake: Intake, { reach }: ReachDetails, { number, at }: Turn): Promise<StepToSend> {
  const { serviceId, reference, deadline } = reach;
  const service = await intake.services.find(serviceId);
  const wish = service && openWish(service, reach);
  const step = wish?.steps.find((one) => one.number === number);
  if (!service || !wish || !step) throw new Error("what was asked for cannot be read");
  return { service, key: getKey(service, reach.apiKeyId), step, wish, reachId: reach.id, reference, deadline, at };
}

/** A key that has run out since was good when it was used; one that somebody has revoked is not to send anything more. */
function getKey({ keys }: Service, apiKeyId: string): ApiKey {
  const key = keys.find(({ id }) => id === apiKeyId);
  const isRevoked = key?.revokedAt !== undefined && !(key.expiresAt && key.expiresAt <= key.revokedAt);
  if (!key || isRevoked) throw new Refusal("bad-request", KEY_REVOKED);
  return key;
}
