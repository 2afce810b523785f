/** Guards against floods as people set them, for a service or for the installation: checked, kept, lifted, and noted in the log. */
import {
  FLOOD_ACTIONS,
  FLOOD_KINDS,
  FLOOD_LIMITS,
  type FloodAction,
  type FloodKind,
  type FloodNumber,
  type FloodRule,
} from "../../core/floods/flood-rule.ts";
import { Refusal } from "../../core/refusal.ts";
import { newId } from "../../platform/ids.ts";
import {
  deleteFloodRule,
  listFloodRules,
  putFloodRule,
  type StoredFloodRule,
} from "../../records/floods/flood-rule-store.ts";
import { deleteFloodStop } from "../../records/floods/flood-stop-store.ts";
import { emptyFloodWindow } from "../../records/floods/flood-tally-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { type FieldProblem, refuseProblems } from "../form-refusal.ts";

/** Numbers that are none are not numbers. */
export type FloodForm = Record<FloodNumber, number> & { countsBy: string; action: string };

type Keeper = Pick<App, "db" | "services">;
type Scope = { serviceId: string | undefined };

/** In the place of the one that counts the same. Fields: those of the form. */
export async function saveFloodRule(
  { db, services }: Keeper,
  actor: Actor,
  { serviceId, form }: Scope & { form: FloodForm },
): Promise<void> {
  const wanted = readFloodRule(form);
  await db.transaction(async (tx) => {
    const before = (await listFloodRules(tx, serviceId)).find(({ countsBy }) => countsBy === wanted.countsBy);
    const rule = { ...wanted, id: before?.id ?? newId(), serviceId };
    await putFloodRule(tx, rule);
    const deed = { action: "flood-rule.saved", subject: rule.countsBy, ...(serviceId ? { serviceId } : {}) };
    await recordDeed(tx, actor, { ...deed, ...(before ? { before: shownOf(before) } : {}), after: shownOf(rule) });
  });
  if (serviceId) services.forget(serviceId);
}

/** What it has stopped goes on with it. */
export async function removeFloodRule(
  { db, services }: Keeper,
  actor: Actor,
  { serviceId, countsBy }: Scope & { countsBy: string },
): Promise<void> {
  await db.transaction(async (tx) => {
    const rule = (await listFloodRules(tx, serviceId)).find((one) => one.countsBy === countsBy);
    if (!rule) throw new Refusal("not-found", "There is no such guard");
    await deleteFloodRule(tx, rule.id);
    const deed = { action: "flood-rule.removed", subject: rule.countsBy, ...(serviceId ? { serviceId } : {}) };
    await recordDeed(tx, actor, { ...deed, before: shownOf(rule) });
  });
  if (serviceId) services.forget(serviceId);
}

/** What was stopped goes again, and counting begins anew. A service's own people lift what its own guards have stopped. */
export async function liftFloodStop(
  { db, services, floods }: Keeper & Pick<App, "floods">,
  actor: Actor,
  { serviceId, id }: Scope & { id: string },
): Promise<void> {
  await floods.flush();
  const lifted = await db.transaction(async (tx) => {
    const stop = await deleteFloodStop(tx, { id, serviceId });
    if (!stop) throw new Refusal("not-found", "It is not stopped any more, or not yours to lift");
    await emptyFloodWindow(tx, stop);
    const deed = { serviceId: stop.serviceId, action: "flood.lifted", subject: stop.countsBy };
    const { subject, refused, held } = stop;
    await recordDeed(tx, actor, { ...deed, before: { subject, refused, held } });
    return stop;
  });
  services.forget(lifted.serviceId);
}

function shownOf({ id: _, serviceId: __, countsBy: ___, ...numbers }: StoredFloodRule) {
  return numbers;
}

const FLOOD_NUMBERS = ["atLeast", "timesUsual", "windowMinutes", "prefixDigits", "stopsMinutes"] as const;

/** Refuses a form that is no guard. */
export function readFloodRule(form: FloodForm): FloodRule {
  const countsBy = FLOOD_KINDS.find((one) => one === form.countsBy);
  const action = FLOOD_ACTIONS.find((one) => one === form.action);
  const numbers = FLOOD_NUMBERS.flatMap((field): FieldProblem[] => {
    const { min, max } = FLOOD_LIMITS[field];
    const isRight = Number.isInteger(form[field]) && form[field] >= min && form[field] <= max;
    return isRight
      ? []
      : [{ field, problem: "flood-rule-wrong", message: `Enter a whole number from ${min} to ${max}` }];
  });
  const choice = (field: string, message: string) => [{ field, problem: `flood-rule-${field}-wrong`, message }];
  refuseProblems([
    ...(countsBy ? [] : choice("countsBy", "Choose what it counts")),
    ...numbers,
    ...(action ? [] : choice("action", "Choose what becomes of further messages")),
  ]);
  const { atLeast, timesUsual, windowMinutes, prefixDigits, stopsMinutes } = form;
  return {
    ...{ countsBy: countsBy as FloodKind, action: action as FloodAction },
    ...{ atLeast, timesUsual, windowMinutes, prefixDigits, stopsMinutes },
  };
}
