/** `pennypost doctor`: looks at everything that commonly goes wrong, and says what to do about it. */
import type { Command } from "commander";
import { type CommandContext, configOf, JSON_OPTION, say } from "../command.ts";
import { examine } from "../doctor/examine.ts";
import type { Finding } from "../doctor/finding.ts";

const MARKS: Record<Finding["verdict"], string> = { ok: "ok  ", warn: "WARN", fail: "FAIL" };

interface Options {
  dns?: boolean;
  json?: boolean;
}

export function addDoctorCommand(program: Command, context: CommandContext): void {
  program
    .command("doctor")
    .description("check the machine, the installation and whom it sends through")
    .option("--dns", "also look up what sending domains must have in the DNS")
    .option(...JSON_OPTION)
    .action((options: Options) => runDoctor(context, options));
}

async function runDoctor(context: CommandContext, options: Options): Promise<void> {
  const findings = await examine(configOf(context), { looksUpDns: options.dns ?? false });
  if (findings.some(({ verdict }) => verdict === "fail")) context.exit.status = 1;
  say(context, options, { json: findings, lines: findings.flatMap(linesOf) });
}

function linesOf({ verdict, about, what, details = [] }: Finding): string[] {
  return [`${MARKS[verdict]}  ${about}: ${what}`, ...details.map((detail) => `        ${detail}`)];
}
