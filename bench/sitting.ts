/** One sitting: every case as often as asked, ours and Kannel's in turn, so that what else the machine does meets both alike. */

import { type AdminRun, measureAdmin } from "./cases/admin-pages.ts";
import { type CarriersRun, measureCarriers } from "./cases/carriers.ts";
import { type CodesRun, measureCodes } from "./cases/codes.ts";
import { type FilesRun, measureFiles } from "./cases/files.ts";
import { type LoopRun, measureKannelLoop, measureProductLoop } from "./cases/full-loop.ts";
import { INTAKE_CONNECTIONS, type IntakeRun, measureIntake } from "./cases/intake.ts";
import { type LatencyRun, measureKannelLatency, measureProductLatency } from "./cases/latency.ts";
import { type LettersRun, measureLetters } from "./cases/letters.ts";
import { measurePace, type PaceRun } from "./cases/pace.ts";
import type { Store } from "./kannel.ts";
import type { Options } from "./options.ts";
import type { Site } from "./site.ts";

const STORES: readonly Store[] = ["no store", "spool"];

export interface Results {
  intake: Record<string, IntakeRun[]>;
  loop: Record<string, LoopRun[]>;
  latency: Record<string, LatencyRun[]>;
  files: Record<string, FilesRun[]>;
  admin: AdminRun | undefined;
  letters: LettersRun | undefined;
  carriers: CarriersRun | undefined;
  pace: PaceRun[];
  codes: Record<string, CodesRun[]>;
}

export const PENNYPOST = "Pennypost";
export const kannelName = (store: Store): string => `Kannel, ${store}`;

interface Task {
  name: string;
  measure: () => Promise<string>;
}

/** `onProgress` is told of each run as it ends. */
export async function sit(site: Site, options: Options & { hasKannel: boolean }, onProgress: (line: string) => void) {
  const none = { admin: undefined, letters: undefined, carriers: undefined };
  const results: Results = { intake: {}, loop: {}, latency: {}, files: {}, ...none, pace: [], codes: {} };
  const tasks = tasksOf(site, options, results);
  for (let run = 1; run <= options.effort.runs; run++) {
    for (const { name, measure } of tasks) onProgress(`${run}/${options.effort.runs} ${name}: ${await measure()}`);
  }
  if (options.cases.has("admin")) {
    onProgress("the admin web: making a million messages and measuring takes some minutes");
    results.admin = await measureAdmin(site);
  }
  if (options.cases.has("letters")) {
    onProgress("letters: setting some thousands takes a minute");
    results.letters = await measureLetters();
  }
  if (options.cases.has("carriers")) {
    onProgress("carriers: the pace of binds takes half a minute, troubles and coming back two or three");
    results.pace = [await measurePace(1, 50), await measurePace(3, 150)];
    results.carriers = await measureCarriers(site, onProgress);
  }
  return results;
}

function tasksOf(site: Site, { cases, effort, hasKannel }: Options & { hasKannel: boolean }, results: Results): Task[] {
  const stores = hasKannel && cases.has("kannel") ? STORES : [];
  const loop = (name: string, measure: () => Promise<LoopRun>): Task => ({
    name: `whole way, ${name}`,
    measure: async () => sayLoop(keep(results.loop, name, await measure())),
  });
  const latency = (name: string, measure: () => Promise<LatencyRun>): Task => ({
    name: `lone requests, ${name}`,
    measure: async () => sayLatency(keep(results.latency, name, await measure())),
  });
  const ours = loop(PENNYPOST, () => measureProductLoop(site, effort));
  const kannels = stores.map((store) => loop(kannelName(store), () => measureKannelLoop(site, effort, store)));
  return [
    ...(cases.has("a")
      ? INTAKE_CONNECTIONS.map((connections) => intakeTask(site, { effort, results }, connections))
      : []),
    ...(cases.has("b")
      ? [ours, ...kannels.flatMap((kannel, index) => (index === 0 ? [kannel] : [ours, kannel]))]
      : kannels),
    ...(cases.has("c") ? [latency(PENNYPOST, () => measureProductLatency(site, effort))] : []),
    ...(cases.has("c") ? stores : []).map((store) =>
      latency(kannelName(store), () => measureKannelLatency(site, effort, store)),
    ),
    ...(cases.has("files") ? [filesTask(site, results)] : []),
    ...(cases.has("codes") ? [codesTask(site, results)] : []),
  ];
}

function filesTask(site: Site, results: Results): Task {
  return {
    name: "files of 2 MB",
    measure: async () => {
      const run = keep(results.files, "2 MB, one at a time", await measureFiles(site));
      return `p50 ${run.p50Ms.toFixed(1)} ms, p99 ${run.p99Ms.toFixed(1)} ms`;
    },
  };
}

function codesTask(site: Site, results: Results): Task {
  return {
    name: "codes beside a bulk of 100,000",
    measure: async () => {
      const run = keep(results.codes, "codes", await measureCodes(site));
      const { p50Ms, p99Ms } = run.answerToCarrier;
      const bulk = `${run.bulkSent} of the bulk sent, ${run.bulkWaiting} not yet`;
      return `201 to carrier p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms; ${bulk}`;
    },
  };
}

function intakeTask(
  site: Site,
  { effort, results }: { effort: Options["effort"]; results: Results },
  connections: number,
): Task {
  const name = `${connections} connections`;
  return {
    name: `intake, ${name}`,
    measure: async () => {
      const run = keep(results.intake, name, await measureIntake(site, effort, connections));
      return `${run.acceptedPerSecond.toFixed(0)}/s, p50 ${run.p50Ms.toFixed(1)} ms, p99 ${run.p99Ms.toFixed(1)} ms`;
    },
  };
}

function keep<Run>(runs: Record<string, Run[]>, name: string, run: Run): Run {
  const known = runs[name] ?? [];
  runs[name] = known;
  known.push(run);
  return run;
}

function sayLoop({ completedPerSecond, acceptedPerSecond, lost, notDelivered }: LoopRun): string {
  const rates = `${completedPerSecond.toFixed(0)}/s told of (${acceptedPerSecond.toFixed(0)}/s taken in)`;
  return lost + notDelivered === 0 ? rates : `${rates}, ${lost} lost, ${notDelivered} not delivered`;
}

function sayLatency({ answer, toCallback }: LatencyRun): string {
  return `answer p50 ${answer.p50Ms.toFixed(2)} ms, callback p50 ${toCallback.p50Ms.toFixed(1)} ms`;
}
