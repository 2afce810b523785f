/**
 * Measures Pennypost, and Kannel beside it on the same machine in the same sitting. Everything runs on this one machine: what is
 * measured, its database, the load, the carrier and the receiver of callbacks, so the figures are of all of them together.
 *
 *     npm run bench -- --quick --json results.json
 */
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { expectationsOf } from "./expectations.ts";
import { kannelVersion } from "./kannel.ts";
import { readOptions } from "./options.ts";
import { reportOf } from "./report.ts";
import { openSite } from "./site.ts";
import { sit } from "./sitting.ts";

async function run(args: string[]): Promise<void> {
  const options = readOptions(args);
  const kannel = kannelVersion();
  const machine = describeMachine(kannel);
  console.log(`${machine.processor}, ${machine.cores} cores, Node ${machine.node}, load ${machine.loadAtStart}`);
  if (options.cases.has("kannel")) console.log(kannel ? `Kannel ${kannel}` : "Kannel: not installed");
  const site = await openSite();
  process.once("SIGINT", () => void site.close().finally(() => process.exit(1)));
  try {
    const results = await sit(site, { ...options, hasKannel: kannel !== undefined }, (line) => console.log(line));
    console.log(`\n${reportOf(results)}`);
    if (options.jsonFile) {
      const summary = { machine, effort: options.effort, expectations: expectationsOf(results), results };
      writeFileSync(options.jsonFile, `${JSON.stringify(summary, undefined, 2)}\n`);
    }
  } finally {
    await site.close();
  }
}

function describeMachine(kannel: string | undefined) {
  const [processor] = cpus();
  return {
    measuredAt: new Date().toISOString(),
    processor: processor?.model ?? "unknown processor",
    cores: cpus().length,
    node: process.versions.node,
    loadAtStart: loadavg()[0]?.toFixed(1),
    kannel: kannel ?? "not installed",
  };
}

await run(process.argv.slice(2));
