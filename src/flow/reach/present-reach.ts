/** A reach as programs are shown it: in answers and in callbacks. It says nothing of whom it is for. Moments are UTC with six decimals. */
import { letterStatusShown } from "../../core/delivery/statuses.ts";
import type { JsonNumber } from "../../core/json/json-value.ts";
import { decimal, toJsonNumber } from "../../core/price/decimal.ts";
import { stepState } from "../../core/reach/reach-course.ts";
import type { ReachDetails, StepDetails } from "./read-reach.ts";

export function reachAnswer(details: ReachDetails) {
  const { reach, steps, cost, currency } = details;
  const { id, reference = null, status, reachedStep, reachedBy, because } = reach;
  return {
    ...{ id, reference, status },
    created_at: moment(reach.createdAt),
    deadline: moment(reach.deadline),
    ended_at: moment(reach.endedAt),
    reached_step: reachedStep ?? null,
    reached_by: reachedBy ?? null,
    reason: because ?? null,
    currency,
    cost: toJsonNumber(cost),
    most_cost: amount(reach.mostCost),
    steps: steps.map((step) => stepAnswer(step, details)),
  };
}

function stepAnswer(step: StepDetails, { reach }: ReachDetails) {
  const { notificationId, costSoFar } = step;
  return {
    step: step.number,
    channel: step.channel,
    template_id: step.templateId,
    until: step.until,
    wait_seconds: step.waitSeconds ?? null,
    state: stepState(step, reach),
    begun_at: moment(step.begunAt),
    reason: step.passedOver ?? null,
    message: step.passedOverWords ?? null,
    cost: costSoFar ? toJsonNumber(costSoFar) : null,
    notification: notificationId === undefined ? null : { id: notificationId, status: statusShown(step) },
  };
}

/** As the notification itself is shown. */
function statusShown({ channel, status }: StepDetails): string | null {
  if (status === undefined) return null;
  return channel === "letter" ? letterStatusShown(status) : status;
}

function amount(text: string | undefined): JsonNumber | null {
  return text === undefined ? null : toJsonNumber(decimal(text));
}

function moment(at: Date | undefined): string | null {
  return at === undefined ? null : `${at.toISOString().slice(0, -1)}000Z`;
}
