/** `pennypost export`: what is set up, as a file that `apply` takes; secrets as references to the environment. */
import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import { stringify } from "yaml";
import { type CommandContext, JSON_OPTION, say, withInstallation } from "../command.ts";
import { exportDeclaration } from "../export.ts";

const LINE_WIDTH = 120;

interface Options {
  secrets?: string;
  json?: boolean;
}

export function addExportCommand(program: Command, context: CommandContext): void {
  program
    .command("export")
    .description("print everything that is set up, as a file that apply takes")
    .option("--secrets <file>", "write the secrets that the file refers to, as shell variables, for you alone to read")
    .option(...JSON_OPTION)
    .action((options: Options) => runExport(context, options));
}

async function runExport(context: CommandContext, options: Options): Promise<void> {
  const { declaration, secrets } = await withInstallation(context, "export", ({ db, keys }) =>
    exportDeclaration(db, keys),
  );
  if (options.secrets !== undefined) writeSecrets(options.secrets, secrets);
  const yaml = stringify(declaration, { lineWidth: LINE_WIDTH });
  say(context, options, { json: declaration, lines: [yaml.trimEnd()] });
}

/** Read them with `set -a; . FILE; set +a`. */
function writeSecrets(file: string, secrets: Readonly<Record<string, string>>): void {
  const lines = Object.entries(secrets).map(([name, value]) => `${name}=${shellQuoted(value)}\n`);
  writeFileSync(file, lines.join(""), { mode: 0o600 });
}

function shellQuoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}
