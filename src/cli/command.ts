/** What every command is given, and how it opens the installation and says what it has done. */
import type { Readable, Writable } from "node:stream";
import type { Command } from "commander";
import { type Config, readConfig } from "../config.ts";
import { createLog, type Log } from "../platform/log.ts";
import type { VirusScanner } from "../platform/virus-scanner.ts";
import { type Installation, openInstallation } from "./connect.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface CommandContext {
  environment: Environment;
  stdin: Readable & { isTTY?: boolean };
  stdout: Writable & { isTTY?: boolean };
  stderr: Writable & { isTTY?: boolean };
  /** Looks through files as long as every provider is the sandbox's. */
  sandboxScanner: VirusScanner;
  /** What the process ends with; a command that has found something wrong sets it. */
  exit: { status: number };
}

/** How a command adds itself to the program. */
export type AddCommand = (program: Command, context: CommandContext) => void;

export function configOf({ environment }: CommandContext): Config {
  return readConfig(environment);
}

/** A command speaks through its own output; of what happens below only warnings are worth a line, unless more is asked for. */
export function quietLog(config: Config): Log {
  return createLog({ level: config.logLevel === "info" ? "warn" : config.logLevel, role: "command" });
}

/** Runs `work` with the installation open: joined if it is running, else started for as long as the work takes. */
export async function withInstallation<T>(
  context: CommandContext,
  role: string,
  work: (installation: Installation, config: Config) => Promise<T>,
): Promise<T> {
  const config = configOf(context);
  const installation = await openInstallation(config, { log: quietLog(config), role, maxConnections: 4 });
  try {
    return await work(installation, config);
  } finally {
    await installation.stop();
  }
}

/** With `--json` one document for a program to read, else lines for a person. */
export function say(
  context: CommandContext,
  options: { json?: boolean },
  what: { json: unknown; lines: readonly string[] },
): void {
  const text = options.json
    ? `${JSON.stringify(what.json, null, 2)}\n`
    : what.lines.map((line) => `${line}\n`).join("");
  context.stdout.write(text);
}

export const JSON_OPTION = ["--json", "print one JSON document instead of lines"] as const;
