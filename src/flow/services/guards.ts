/** The guards of a service: how often texts may go to one number, when they wait for its morning, and who is suppressed by itself. */
import { parseQuietHours, QUIET_HOURS_MAX, type QuietHoursProblem } from "../../core/calendar/quiet-hours.ts";
import { UNDO_LANES, UNDO_MAX_SECONDS, type UndoLane } from "../../core/delivery/undo-window.ts";
import { FAILURES_IN_A_ROW } from "../../core/suppression/suppression-reason.ts";
import {
  getRepeatLimits,
  REPEAT_LIMIT_MAX,
  type RepeatLimits,
  setRepeatLimits,
} from "../../records/deployment/repeat-limits.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { type FieldProblem, fieldRefusal, refuseProblems } from "../form-refusal.ts";
import { changeSetting, type Keeper, type Wish } from "./settings.ts";

/** Undefined: as the installation has it. 0: as many as one likes. */
export type ServiceRepeatLimits = { same: number | undefined; any: number | undefined };

/** Texts to one number within an hour. */
export async function setServiceRepeatLimits(
  app: Keeper,
  actor: Actor,
  { serviceId, value }: Wish<ServiceRepeatLimits>,
): Promise<void> {
  refuseWrongLimits(value);
  await changeSetting({ app, actor }, { serviceId, setting: "repeat-guard" }, (settings) => ({
    ...settings,
    repeatLimitSame: value.same,
    repeatLimitAny: value.any,
  }));
}

/** The same for services that have not said otherwise. */
export async function changeRepeatLimits(app: Pick<App, "db">, actor: Actor, limits: RepeatLimits): Promise<void> {
  refuseWrongLimits(limits);
  await app.db.transaction(async (tx) => {
    const before = { ...(await getRepeatLimits(tx)) };
    await setRepeatLimits(tx, limits);
    const deed = { action: "deployment.repeat-limits-changed", subject: "repeat limits" };
    await recordDeed(tx, actor, { ...deed, before, after: { ...limits } });
  });
}

function refuseWrongLimits(limits: ServiceRepeatLimits): void {
  const problems = (["same", "any"] as const).flatMap((field): FieldProblem[] => {
    const limit = limits[field];
    const isRight = limit === undefined || (Number.isInteger(limit) && limit >= 0 && limit <= REPEAT_LIMIT_MAX);
    const message = `Enter a whole number from 0 to ${REPEAT_LIMIT_MAX}`;
    return isRight ? [] : [{ field, problem: "repeat-limit-wrong", message }];
  });
  refuseProblems(problems);
}

const QUIET_HOURS_PROBLEMS: Readonly<Record<QuietHoursProblem, string>> = {
  "time-wrong": "Enter times from 00:00 to 23:59",
  "too-long": `Quiet hours can last ${QUIET_HOURS_MAX} hours at most`,
  empty: "Quiet hours must end at another time than they begin",
};

/** On the clocks of whoever gets a text; undefined for none. */
export async function setQuietHours(
  app: Keeper,
  actor: Actor,
  { serviceId, value }: Wish<{ from: string; until: string } | undefined>,
): Promise<void> {
  const hours = value && parseQuietHours(value.from, value.until);
  if (typeof hours === "string") throw fieldRefusal("until", `quiet-hours-${hours}`, QUIET_HOURS_PROBLEMS[hours]);
  await changeSetting({ app, actor }, { serviceId, setting: "quiet-hours" }, (settings) => ({
    ...settings,
    quietFrom: hours?.from,
    quietUntil: hours?.until,
  }));
}

export interface SuppressionRules {
  /** Whom so many messages in a row did not reach for good; undefined: nobody. */
  afterFailures: number | undefined;
  /** Who marks an email as spam, or unsubscribes by its link. */
  objectors: boolean;
}

/** Who is put on the suppression list without anybody's doing. */
export async function setSuppressionRules(
  app: Keeper,
  actor: Actor,
  { serviceId, value: { afterFailures, objectors } }: Wish<SuppressionRules>,
): Promise<void> {
  const { min, max } = FAILURES_IN_A_ROW;
  const isRight =
    afterFailures === undefined || (Number.isInteger(afterFailures) && afterFailures >= min && afterFailures <= max);
  if (!isRight)
    throw fieldRefusal("afterFailures", "failures-wrong", `Enter a whole number from ${min} to ${max}, or nothing`);
  await changeSetting({ app, actor }, { serviceId, setting: "suppression" }, (settings) => ({
    ...settings,
    suppressAfterFailures: afterFailures,
    suppressesObjectors: objectors,
  }));
}

/** How long messages wait to be undone: those of people, and those of systems in the lanes that are named. */
export async function setUndoWindow(
  app: Keeper,
  actor: Actor,
  { serviceId, value: { seconds, lanes } }: Wish<{ seconds: number; lanes: readonly UndoLane[] }>,
): Promise<void> {
  if (!(Number.isInteger(seconds) && seconds >= 0 && seconds <= UNDO_MAX_SECONDS))
    throw fieldRefusal("seconds", "undo-wrong", `Enter a whole number from 0 to ${UNDO_MAX_SECONDS}`);
  await changeSetting({ app, actor }, { serviceId, setting: "undo" }, (settings) => ({
    ...settings,
    undoSeconds: seconds,
    undoLanes: UNDO_LANES.filter((lane) => lanes.includes(lane)),
  }));
}

export const RELEASE_LIMITS = { above: { min: 0, max: 1_000_000 }, withinHours: { min: 1, max: 72 } } as const;

/** Above how many messages of one template in an hour, or pounds, two people have to release them, and how long they have. */
export async function setRelease(
  app: Keeper,
  actor: Actor,
  { serviceId, value }: Wish<{ above: number; abovePounds: number; withinHours: number }>,
): Promise<void> {
  const ranges = {
    above: RELEASE_LIMITS.above,
    abovePounds: RELEASE_LIMITS.above,
    withinHours: RELEASE_LIMITS.withinHours,
  };
  const problems = (["above", "abovePounds", "withinHours"] as const).flatMap((field): FieldProblem[] => {
    const { min, max } = ranges[field];
    const isRight = Number.isInteger(value[field]) && value[field] >= min && value[field] <= max;
    return isRight ? [] : [{ field, problem: "release-wrong", message: `Enter a whole number from ${min} to ${max}` }];
  });
  refuseProblems(problems);
  await changeSetting({ app, actor }, { serviceId, setting: "release" }, (settings) => ({
    ...settings,
    ...{ releaseAbove: value.above, releaseAbovePounds: value.abovePounds, releaseWithinHours: value.withinHours },
  }));
}
