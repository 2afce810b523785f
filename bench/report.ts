/** The table at the end: medians of the runs, what they come to beside Kannel, and whether what is expected of them is met. */
import { MESSAGES, type PageRun } from "./cases/admin-pages.ts";
import { OFFERED_PER_SECOND } from "./cases/carriers.ts";
import type { FilesRun } from "./cases/files.ts";
import type { LoopRun } from "./cases/full-loop.ts";
import type { IntakeRun } from "./cases/intake.ts";
import type { LatencyRun, Spread } from "./cases/latency.ts";
import { LETTERS } from "./cases/letters.ts";
import { type Expectation, expectationsOf } from "./expectations.ts";
import { median } from "./measure/statistics.ts";
import { type ByRole, ownTotal } from "./measure/usage.ts";
import type { Results } from "./sitting.ts";

export function reportOf(results: Results): string {
  const sections = [
    section("Intake alone (201 after the commit is durable)", INTAKE_COLUMNS, results.intake),
    section("The whole way (HTTP, SMPP, receipt, one callback)", LOOP_COLUMNS, results.loop),
    section("Lone requests, milliseconds p50 / p99", LATENCY_COLUMNS, results.latency),
    section("Emails with a file, until both are kept (without clamd's time)", FILES_COLUMNS, results.files),
    processorSection(results),
    memorySection(results),
    adminSection(results),
    lettersSection(results),
    carriersSection(results),
    expectationSection(expectationsOf(results)),
  ];
  return sections.filter(Boolean).join("\n\n");
}

type Column<Run> = readonly [heading: string, cell: (runs: readonly Run[]) => string];

const INTAKE_COLUMNS: readonly Column<IntakeRun>[] = [
  ["accepted/s", (runs) => rate(runs, (run) => run.acceptedPerSecond)],
  ["p50 ms", (runs) => middle(runs, (run) => run.p50Ms).toFixed(1)],
  ["p99 ms", (runs) => middle(runs, (run) => run.p99Ms).toFixed(1)],
  ["CPU µs/message", (runs) => cpu(runs)],
  ["others' CPU", (runs) => others(runs)],
];

const LOOP_COLUMNS: readonly Column<LoopRun>[] = [
  ["completed/s [runs]", (runs) => rate(runs, (run) => run.completedPerSecond)],
  ["accepted/s", (runs) => middle(runs, (run) => run.acceptedPerSecond).toFixed(0)],
  ["p50 ms", (runs) => middle(runs, (run) => run.p50Ms).toFixed(1)],
  ["p99 ms", (runs) => middle(runs, (run) => run.p99Ms).toFixed(1)],
  ["CPU µs/message", (runs) => cpu(runs)],
  ["others' CPU", (runs) => others(runs)],
  ["lost", (runs) => String(runs.reduce((sum, run) => sum + run.lost + run.notDelivered, 0))],
];

const LATENCY_COLUMNS: readonly Column<LatencyRun>[] = [
  ["answer", (runs) => spread(runs, (run) => run.answer)],
  ["request → carrier", (runs) => spread(runs, (run) => run.toCarrier)],
  ["answer → carrier", (runs) => spread(runs, (run) => run.answerToCarrier)],
  ["request → callback", (runs) => spread(runs, (run) => run.toCallback)],
];

const FILES_COLUMNS: readonly Column<FilesRun>[] = [
  ["p50 ms", (runs) => middle(runs, (run) => run.p50Ms).toFixed(1)],
  ["p99 ms", (runs) => middle(runs, (run) => run.p99Ms).toFixed(1)],
];

function section<Run>(title: string, columns: readonly Column<Run>[], results: Record<string, Run[]>): string {
  const rows = Object.entries(results).map(([name, runs]) => [name, ...columns.map(([, cell]) => cell(runs))]);
  return rows.length === 0 ? "" : `${title}\n${table([["", ...columns.map(([heading]) => heading)], ...rows])}`;
}

/** Processor time of each process, as the roles differ from product to product. */
function processorSection({ intake, loop }: Results): string {
  const lines = [
    ...Object.entries(intake).map(([name, runs]) => [`intake, ${name}`, byRole(runs, ({ cpu }) => cpu)]),
    ...Object.entries(loop).map(([name, runs]) => [name, byRole(runs, ({ cpu }) => cpu)]),
  ];
  return lines.length === 0 ? "" : `Processor time, µs for each message\n${table(lines)}`;
}

function memorySection({ intake, loop }: Results): string {
  const measured: [string, (IntakeRun | LoopRun)[]][] = [...Object.entries(intake), ...Object.entries(loop)];
  const lines = measured.flatMap(([name, runs]) => [
    [`${name}, at rest`, byRole(runs, ({ atRestMb }) => atRestMb)],
    [`${name}, at most`, byRole(runs, ({ peakMb }) => peakMb)],
  ]);
  return lines.length === 0 ? "" : `Memory, MB\n${table(lines)}`;
}

function adminSection({ admin }: Results): string {
  if (!admin) return "";
  const row = ([name, run]: [string, PageRun]) => [
    name,
    String(run.status),
    run.p50Ms.toFixed(1),
    run.p99Ms.toFixed(1),
    run.cpuMs.web.toFixed(1),
    run.cpuMs.database.toFixed(1),
  ];
  const searches = Object.entries(admin.searches).map(([name, run]): [string, PageRun] => [`search ${name}`, run]);
  const heads = ["", "status", "p50 ms", "p99 ms", "CPU ms, web", "CPU ms, database"];
  const rows = [heads, ...Object.entries(admin.pages).map(row), ...searches.map(row)];
  const first =
    admin.firstLoadKb === undefined ? "" : `\n  first load of the dashboard: ${admin.firstLoadKb.toFixed(0)} kB`;
  return `The admin web, with ${MESSAGES.toLocaleString("en-GB")} messages (time of the server)\n${table(rows)}${first}`;
}

function lettersSection({ letters }: Results): string {
  if (!letters) return "";
  const { p50Ms, p99Ms, lettersPerSecond, lettersPerProcessorSecond, beforeMb, afterMb, tenPagesReadMs } = letters;
  return `Letters, ${LETTERS.toLocaleString("en-GB")} with ${letters.engine} in one thread\n${table([
    ["one page, p50 / p99 ms", `${p50Ms.toFixed(1)} / ${p99Ms.toFixed(1)}`],
    [
      "letters/s, and for each second of the processor",
      `${lettersPerSecond.toFixed(0)}, ${lettersPerProcessorSecond.toFixed(0)}`,
    ],
    ["memory before / after, MB", `${beforeMb.toFixed(0)} / ${afterMb.toFixed(0)}`],
    ["ten pages from outside read, ms", tenPagesReadMs.toFixed(0)],
  ])}`;
}

function carriersSection({ carriers }: Results): string {
  if (!carriers) return "";
  const seconds = (ms: number | undefined) =>
    ms === undefined ? "not within a minute" : `${(ms / 1_000).toFixed(1)} s`;
  const rows = Object.entries(carriers.failover).map(([name, { failoverMs, restoredMs }]) => {
    return [name, seconds(failoverMs), seconds(restoredMs)];
  });
  const head = ["one of two carriers is", "the other has all after", "once well, its share is back after"];
  return `Carriers in trouble, ${OFFERED_PER_SECOND} messages a second\n${table([head, ...rows])}`;
}

function expectationSection(expectations: readonly Expectation[]): string {
  if (expectations.length === 0) return "";
  const rows = expectations.map(({ what, expected, measured, isMet }) => [
    what,
    expected,
    measured,
    isMet ? "met" : "NOT met",
  ]);
  return `Expectations\n${table(rows)}`;
}

function rate<Run>(runs: readonly Run[], of: (run: Run) => number): string {
  return `${middle(runs, of).toFixed(0)} [${runs.map((run) => of(run).toFixed(0)).join(", ")}]`;
}

function middle<Run>(runs: readonly Run[], of: (run: Run) => number): number {
  return median(runs.map(of));
}

function spread(runs: readonly LatencyRun[], of: (run: LatencyRun) => Spread): string {
  const p50 = middle(runs, (run) => of(run).p50Ms);
  const p99 = middle(runs, (run) => of(run).p99Ms);
  return `${p50.toFixed(2)} / ${p99.toFixed(2)}`;
}

function cpu(runs: readonly { cpu: ByRole }[]): string {
  return middle(runs, (run) => ownTotal(run.cpu)).toFixed(0);
}

/** What else ran on the machine: beyond a few hundredths, rates say little. */
function others(runs: readonly { othersShare: number }[]): string {
  return `${(middle(runs, (run) => run.othersShare) * 100).toFixed(0)} %`;
}

function byRole<Run>(runs: readonly Run[], of: (run: Run) => ByRole): string {
  const roles = [...new Set(runs.flatMap((run) => Object.keys(of(run))))];
  return roles.map((role) => `${role} ${middle(runs, (run) => of(run)[role] ?? 0).toFixed(0)}`).join("  ");
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (known, row) => row.map((cell, at) => Math.max(known[at] ?? 0, cell.length)),
    [],
  );
  return rows.map((row) => `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join("  ")}`.trimEnd()).join("\n");
}
