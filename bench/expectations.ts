/** What is expected of a sitting. Rates against Kannel's in the same sitting hold on any machine; the others are for two cores. */
import type { PageRun } from "./cases/admin-pages.ts";
import { median } from "./measure/statistics.ts";
import type { ByRole } from "./measure/usage.ts";
import { kannelName, PENNYPOST, type Results } from "./sitting.ts";

const TIMES_KANNEL_IN_MEMORY = 1.5;
const TIMES_KANNEL_WITH_SPOOL = 2.5;
const INTAKE_PER_SECOND = 8_000;
const AT_REST_MAX_MB = 200;
const BUSY_MAX_MB = 400;
const PAGE_MS = 30;
const SEARCH_MS = 100;
const FILE_MS = 150;
const CODES_MS = 500;
const FIRST_LOAD_KB = 150;
const LETTER_MS = 15;
const LETTERS_PER_SECOND = 100;
/** What a heap may hold before it is collected; letters that stayed would be hundreds of megabytes. */
const LETTER_GROWTH_MB = 50;
const TEN_PAGES_READ_MS = 3_000;
const FAILOVER_MS = 5_000;
const PACE_PERCENT = 2;

export interface Expectation {
  what: string;
  expected: string;
  measured: string;
  isMet: boolean;
}

/** Of what was measured; what was left out is not expected. */
export function expectationsOf(results: Results): Expectation[] {
  return [
    ...timesKannel(results, kannelName("no store"), TIMES_KANNEL_IN_MEMORY),
    ...timesKannel(results, kannelName("spool"), TIMES_KANNEL_WITH_SPOOL),
    ...Object.entries(results.intake).map(([name, runs]): Expectation => {
      const measured = median(runs.map((run) => run.acceptedPerSecond));
      return {
        what: `intake, ${name}`,
        expected: `≥ ${INTAKE_PER_SECOND}/s`,
        measured: `${measured.toFixed(0)}/s`,
        isMet: measured >= INTAKE_PER_SECOND,
      };
    }),
    ...nothingLost(results),
    ...adminWeb(results),
    ...files(results),
    ...codes(results),
    ...letterSetting(results),
    ...carriers(results),
    ...pace(results),
    ...memory(results),
  ];
}

function codes({ codes }: Results): Expectation[] {
  return Object.values(codes).map((runs): Expectation => {
    const measured = median(runs.map((run) => run.answerToCarrier.p99Ms));
    return {
      what: "codes beside a bulk of 100,000, 201 to carrier, p99",
      expected: `< ${CODES_MS} ms`,
      measured: `${measured.toFixed(0)} ms`,
      isMet: measured < CODES_MS,
    };
  });
}

function timesKannel({ loop }: Results, kannel: string, times: number): Expectation[] {
  const [ours, theirs] = [PENNYPOST, kannel].map((name) =>
    median((loop[name] ?? []).map((run) => run.completedPerSecond)),
  );
  if (ours === undefined || theirs === undefined || Number.isNaN(ours) || Number.isNaN(theirs)) return [];
  const measured = ours / theirs;
  return [
    {
      what: `the whole way beside ${kannel}`,
      expected: `≥ ${times} ×`,
      measured: `${measured.toFixed(2)} ×`,
      isMet: measured >= times,
    },
  ];
}

/** Of the slowest page and the slowest search. */
function adminWeb({ admin }: Results): Expectation[] {
  if (!admin) return [];
  const slowest = (runs: Record<string, PageRun>) => Math.max(...Object.values(runs).map(({ p50Ms }) => p50Ms));
  const below = (what: string, measured: number, [limit, unit]: readonly [number, string]): Expectation => ({
    what,
    expected: `< ${limit} ${unit}`,
    measured: `${measured.toFixed(1)} ${unit}`,
    isMet: measured < limit,
  });
  return [
    below("the slowest page of the admin web, p50", slowest(admin.pages), [PAGE_MS, "ms"]),
    below("the slowest search, p50", slowest(admin.searches), [SEARCH_MS, "ms"]),
    ...(admin.firstLoadKb === undefined ? [] : [below("first load", admin.firstLoadKb, [FIRST_LOAD_KB, "kB"])]),
  ];
}

function letterSetting({ letters }: Results): Expectation[] {
  if (!letters) return [];
  const { p50Ms, lettersPerProcessorSecond, beforeMb, afterMb, tenPagesReadMs } = letters;
  const row = (what: string, expected: string, [measured, isMet]: readonly [string, boolean]): Expectation => ({
    what,
    expected,
    measured,
    isMet,
  });
  const growthMb = afterMb - beforeMb;
  return [
    row("a letter of one page, p50", `≤ ${LETTER_MS} ms`, [`${p50Ms.toFixed(1)} ms`, p50Ms <= LETTER_MS]),
    row("letters for each second of a processor", `≥ ${LETTERS_PER_SECOND}`, [
      lettersPerProcessorSecond.toFixed(0),
      lettersPerProcessorSecond >= LETTERS_PER_SECOND,
    ]),
    row("growth of memory by setting letters", `< ${LETTER_GROWTH_MB} MB`, [
      `${growthMb.toFixed(0)} MB`,
      growthMb < LETTER_GROWTH_MB,
    ]),
    row("reading ten pages from outside", `≤ ${TEN_PAGES_READ_MS} ms`, [
      `${tenPagesReadMs.toFixed(0)} ms`,
      tenPagesReadMs <= TEN_PAGES_READ_MS,
    ]),
  ];
}

function nothingLost({ loop }: Results): Expectation[] {
  const runs = loop[PENNYPOST] ?? [];
  if (runs.length === 0) return [];
  const missing = runs.reduce((sum, run) => sum + run.lost + run.notDelivered, 0);
  return [{ what: "messages without a callback", expected: "0", measured: String(missing), isMet: missing === 0 }];
}

function files({ files: measured }: Results): Expectation[] {
  const runs = Object.values(measured).flat();
  if (runs.length === 0) return [];
  const p50Ms = median(runs.map((run) => run.p50Ms));
  return [
    {
      what: "an email with a file of 2 MB, without clamd",
      expected: `≤ ${FILE_MS} ms`,
      measured: `${p50Ms.toFixed(1)} ms`,
      isMet: p50Ms <= FILE_MS,
    },
  ];
}

function carriers({ carriers: run }: Results): Expectation[] {
  if (!run) return [];
  const slowest = Math.max(...Object.values(run.failover).map(({ failoverMs }) => failoverMs));
  return [
    {
      what: "one of two carriers in trouble, until the other has all",
      expected: `< ${FAILOVER_MS} ms`,
      measured: `${slowest.toFixed(0)} ms`,
      isMet: slowest < FAILOVER_MS,
    },
    { what: "messages lost meanwhile", expected: "0", measured: String(run.lost), isMet: run.lost === 0 },
  ];
}

function pace({ pace: runs }: Results): Expectation[] {
  return runs.map(({ binds, agreedPerSecond, measuredPerSecond, thousandSeconds }) => ({
    what: `pace of ${agreedPerSecond}/s over ${binds} ${binds === 1 ? "bind" : "binds"}`,
    expected: `within ${PACE_PERCENT} %`,
    measured: `${measuredPerSecond.toFixed(1)}/s, 1,000 in ${thousandSeconds.toFixed(2)} s`,
    isMet: Math.abs(measuredPerSecond / agreedPerSecond - 1) * 100 <= PACE_PERCENT,
  }));
}

function memory({ intake, loop }: Results): Expectation[] {
  const runs = [...Object.values(intake).flat(), ...(loop[PENNYPOST] ?? [])];
  if (runs.length === 0) return [];
  return [
    atMost("memory at rest, largest process", AT_REST_MAX_MB, largest(runs.map((run) => run.atRestMb))),
    atMost("memory under load, largest process", BUSY_MAX_MB, largest(runs.map((run) => run.peakMb))),
  ];
}

function largest(readings: readonly ByRole[]): [role: string, megabytes: number] {
  const all = readings.flatMap((reading) => Object.entries(reading)).filter(([role]) => role !== "postgres");
  return all.reduce((most, one) => (one[1] > most[1] ? one : most), ["", 0]);
}

function atMost(what: string, limitMb: number, [role, megabytes]: [string, number]): Expectation {
  return {
    what,
    expected: `< ${limitMb} MB`,
    measured: `${megabytes.toFixed(0)} MB (${role})`,
    isMet: megabytes < limitMb,
  };
}
