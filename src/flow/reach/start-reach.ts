/**
 * Takes a reach: every step is looked at before anything is kept, so that what cannot be sent is refused at once. It is committed with its
 * job, and its first step is taken by that job as all others are: there is one place where steps are taken.
 */
import { compareDecimals, type Decimal, decimalText } from "../../core/price/decimal.ts";
import { Refusal } from "../../core/refusal.ts";
import { violatedUniqueConstraint } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { createSignal, enqueue, LANES } from "../../platform/queue.ts";
import { IDEMPOTENCY_CONSTRAINT, rememberSends } from "../../records/idempotency/idempotency-store.ts";
import type { NewReach, ReachWish } from "../../records/reaches/reach.ts";
import { insertReach } from "../../records/reaches/reach-store.ts";
import type { ApiKey, Service } from "../../records/services/service.ts";
import type { Intake } from "../intake/accept.ts";
import { twinWentFirst } from "../intake/idempotency.ts";
import { LANE_OF_PRIORITY } from "../intake/new-notification.ts";
import type { SendRequest } from "../intake/send-request.ts";
import { REACH_QUEUE } from "../jobs.ts";
import { sealCallbackUrl, sealWish } from "./reach-wish.ts";
import { type ReachDetails, readReach } from "./read-reach.ts";
import { STEP_CHANNELS } from "./step-channels.ts";

export interface ReachRequest {
  service: Service;
  key: Pick<ApiKey, "id" | "kind">;
  wish: ReachWish;
  /** Its first step is not taken before; undefined: at once. */
  startAt?: Date | undefined;
  deadline: Date;
  mostCost: Decimal | undefined;
  callbackUrl: string | undefined;
  reference: string | undefined;
  idempotency: SendRequest["idempotency"];
}

export interface ReachJob {
  serviceId: string;
}

/** Resolves with what is kept, or throws a `Refusal` that names the step. */
export async function startReach(intake: Intake, request: ReachRequest): Promise<ReachDetails> {
  const createdAt = intake.clock.now();
  await refuseIfNotSendable(intake, request, createdAt);
  const reach = newReach(request, createdAt);
  await save(intake, request, reach);
  wakeOf(intake)();
  return readReach(intake, { serviceId: reach.serviceId, id: reach.id });
}

/** Of each process its own. */
const wakeIn = new WeakMap<Intake, () => void>();

/** Tells whoever takes steps, here or in another process, that there is one to take. */
function wakeOf(intake: Intake): () => void {
  const wake = wakeIn.get(intake) ?? createSignal(intake.db, REACH_QUEUE);
  wakeIn.set(intake, wake);
  return wake;
}

async function refuseIfNotSendable(intake: Intake, request: ReachRequest, at: Date): Promise<void> {
  const { wish, mostCost } = request;
  const prices: Decimal[] = [];
  for (const step of wish.steps) {
    try {
      prices.push(await STEP_CHANNELS[step.channel].price(intake, { ...request, step, at }));
    } catch (error) {
      if (!(error instanceof Refusal) || error.kind === "unavailable") throw error;
      throw new Refusal(error.kind, `Step ${step.number}: ${error.message}`, { details: error.details });
    }
  }
  const isAffordable = mostCost === undefined || prices.some((price) => compareDecimals(price, mostCost) <= 0);
  if (!isAffordable) throw new Refusal("bad-request", "Every step costs more than most_cost");
}

function newReach(request: ReachRequest, createdAt: Date): NewReach {
  const { service, key, wish, deadline, mostCost, callbackUrl, reference } = request;
  const id = newId();
  return {
    ...{ id, reference, createdAt, deadline },
    serviceId: service.id,
    keyKind: key.kind,
    apiKeyId: key.id,
    sealedWish: sealWish(service, id, wish),
    sealedCallbackUrl: callbackUrl === undefined ? undefined : sealCallbackUrl(service, id, callbackUrl),
    mostCost: mostCost && decimalText(mostCost),
  };
}

async function save({ db }: Intake, { wish, startAt, idempotency }: ReachRequest, reach: NewReach): Promise<void> {
  const { id, serviceId, keyKind } = reach;
  const lane = wish.priority === undefined ? LANES.normal : LANE_OF_PRIORITY[wish.priority];
  const payload: ReachJob = { serviceId };
  try {
    await db.transaction(async (tx) => {
      await insertReach(tx, reach, wish.steps);
      await enqueue(tx, REACH_QUEUE, {
        entries: [{ id, lane, group: serviceId, payload, ...(startAt ? { wakeAt: startAt } : {}) }],
      });
      // Under the reach's id, which stands where that of a notification does.
      if (idempotency) await rememberSends(tx, [{ serviceId, keyKind, notificationId: id, ...idempotency }]);
    });
  } catch (error) {
    if (violatedUniqueConstraint(error) === IDEMPOTENCY_CONSTRAINT) throw twinWentFirst();
    throw error;
  }
}
