/** `pennypost letters`: hand letters to the printer before its time, see how they get on, and note those that came back from the post. */
import type { Command } from "commander";
import { Refusal } from "../../core/refusal.ts";
import { CALLBACK_QUEUE, PRINT_RUN_QUEUE } from "../../flow/jobs.ts";
import { startPrintRuns } from "../../flow/letters/start-print-runs.ts";
import { takeLetterReports } from "../../flow/letters/take-reports.ts";
import { systemClock } from "../../platform/clock.ts";
import { createSignal } from "../../platform/queue.ts";
import { listUnfinishedRuns, type PrintRun } from "../../records/letters/print-run-store.ts";
import { createServices } from "../../records/services/service-cache.ts";
import { type CommandContext, JSON_OPTION, quietLog, say, withInstallation } from "../command.ts";

const RUNS_SHOWN_MAX = 50;
const RETURNED_MAX = 1_000;
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const OPERATOR = "operator";

interface JsonOption {
  json?: boolean;
}

export function addLettersCommand(program: Command, context: CommandContext): void {
  const letters = program.command("letters").description("letters on their way to the printer, and back");
  addPrint(letters, context);
  addRuns(letters, context);
  addReturned(letters, context);
}

function addPrint(letters: Command, context: CommandContext): void {
  letters
    .command("print")
    .description("hand every letter that is ready to its printer now, not at the time of the day's run")
    .option(...JSON_OPTION)
    .action((options: JsonOption) =>
      withInstallation(context, "letters print", async ({ db }, config) => {
        const clock = systemClock;
        const started = await startPrintRuns({ db, clock, log: quietLog(config) }, clock.now());
        createSignal(db, PRINT_RUN_QUEUE)();
        const waiting = started.without > 0 ? [`${started.without} wait: no printer is set up for them.`] : [];
        const lines = [`${started.letters} letters go to print, in ${started.runs} runs.`, ...waiting];
        say(context, options, { json: started, lines });
      }),
    );
}

function addRuns(letters: Command, context: CommandContext): void {
  letters
    .command("runs")
    .description("show the print runs that are under way or in trouble")
    .option(...JSON_OPTION)
    .action((options: JsonOption) =>
      withInstallation(context, "letters runs", async ({ db }) => {
        const runs = await listUnfinishedRuns(db, RUNS_SHOWN_MAX);
        say(context, options, {
          json: runs,
          lines: runs.length > 0 ? runs.map(lineOf) : ["No print run is under way."],
        });
      }),
    );
}

function lineOf({ createdAt, provider, letters, failedTries, lastProblem }: PrintRun): string {
  const trouble = lastProblem === undefined ? "" : `; tried ${failedTries} times: ${lastProblem}`;
  return `${createdAt.toISOString()}  ${provider}  ${letters} letters${trouble}`;
}

function addReturned(letters: Command, context: CommandContext): void {
  letters
    .command("returned <ids...>")
    .description("note letters that came back from the post, by their notifications' ids, and tell their services")
    .option(...JSON_OPTION)
    .action((ids: string[], options: JsonOption) =>
      withInstallation(context, "letters returned", async ({ db, keys }, config) => {
        refuseBadIds(ids);
        const services = createServices(db, keys);
        const wakeCallbacks = createSignal(db, CALLBACK_QUEUE);
        const app = { db, services, wakeCallbacks, clock: systemClock, log: quietLog(config) };
        const reports = ids.map((id) => ({ notificationId: id.toLowerCase(), status: "returned" as const }));
        const returned = await takeLetterReports(app, OPERATOR, reports);
        say(context, options, { json: { returned }, lines: [`${returned} letters are noted as returned.`] });
      }),
    );
}

function refuseBadIds(ids: readonly string[]): void {
  if (ids.length > RETURNED_MAX) throw new Refusal("invalid", `No more than ${RETURNED_MAX} letters at once`);
  const bad = ids.find((id) => !ID.test(id));
  if (bad !== undefined) throw new Refusal("invalid", `"${bad}" is not the id of a notification`);
}
