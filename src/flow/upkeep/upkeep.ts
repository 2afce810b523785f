/**
 * Keeps the house: each task is done at its time, by one process, and leaves a line about what it did. A task that was missed while
 * nothing ran is done at the start; one that failed is tried again.
 */
import { setTimeout as pause } from "node:timers/promises";
import { errorFields } from "../../platform/log.ts";
import { findLastRun, recordRun, tryLockTask } from "../../records/upkeep/upkeep-run-store.ts";
import type { App } from "../app.ts";
import { latestDue } from "./schedule.ts";
import { TASKS, type Task } from "./tasks.ts";

const LOOK_EVERY_MS = 10_000;

export interface Upkeep {
  /** Resolves when the task under way is done. */
  stop(): Promise<void>;
}

export async function startUpkeep(app: App, tasks: readonly Task[] = TASKS): Promise<Upkeep> {
  const stopping = new AbortController();
  const running = keepHouse(app, tasks, stopping.signal);
  return {
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}

async function keepHouse(app: App, tasks: readonly Task[], stopping: AbortSignal): Promise<void> {
  const doneFor = new Map<string, number>();
  while (!stopping.aborted) {
    for (const task of tasks) {
      if (stopping.aborted) break;
      const due = await dueOf(app, task);
      if (!due || doneFor.get(task.name) === due.getTime()) continue;
      if (await isDone(app, task, due)) doneFor.set(task.name, due.getTime());
    }
    await pause(LOOK_EVERY_MS, undefined, { signal: stopping }).catch(() => undefined);
  }
}

/** Undefined when it cannot be told: then it is asked again. */
async function dueOf(app: App, { name, schedule }: Task): Promise<Date | undefined> {
  try {
    return typeof schedule === "function" ? await schedule(app) : latestDue(schedule, app.clock.now());
  } catch (error) {
    app.log.error("upkeep.not-scheduled", { task: name, ...errorFields(error) });
    return undefined;
  }
}

/** Does the task if nobody has since it was due; false when it failed, or another process is at it. */
async function isDone(app: App, task: Task, due: Date): Promise<boolean> {
  try {
    return await app.db.transaction(async (tx) => {
      if (!(await tryLockTask(tx, task.name))) return false;
      const ranAt = app.clock.now();
      const lastRanAt = await findLastRun(tx, task.name);
      if (lastRanAt && lastRanAt >= due) return true;
      const startedAtMs = performance.now();
      const counts = await task.run(app);
      const run = { task: task.name, ranAt, durationMs: Math.round(performance.now() - startedAtMs), counts };
      await recordRun(tx, run);
      const hasDoneSomething = Object.values(counts).some((count) => count > 0);
      app.log[hasDoneSomething ? "info" : "debug"]("upkeep.done", {
        task: task.name,
        durationMs: run.durationMs,
        ...counts,
      });
      return true;
    });
  } catch (error) {
    app.log.error("upkeep.failed", { task: task.name, ...errorFields(error) });
    return false;
  }
}
