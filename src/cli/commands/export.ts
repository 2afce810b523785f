/** `pennypost export`: what is set up, as a file that `apply` takes; secrets as references to the environment. */
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { type Blobs, openBlobs } from "../../platform/blobs.ts";
import { type CommandContext, JSON_OPTION, say, withInstallation } from "../command.ts";
import { exportDeclaration } from "../export.ts";
import type { FileSink } from "../export-files.ts";

const LINE_WIDTH = 120;

interface Options {
  files?: string;
  secrets?: string;
  json?: boolean;
}

export function addExportCommand(program: Command, context: CommandContext): void {
  program
    .command("export")
    .description("print everything that is set up, as a file that apply takes")
    .option(
      "--files <folder>",
      "write logos and files into a folder; the output names them by path, and belongs beside it",
    )
    .option("--secrets <file>", "write the secrets that the file refers to, as shell variables, for you alone to read")
    .option(...JSON_OPTION)
    .action((options: Options) => runExport(context, options));
}

async function runExport(context: CommandContext, options: Options): Promise<void> {
  const { declaration, secrets, filesLeftOut } = await withInstallation(
    context,
    "export",
    async ({ db, keys }, { fileStore }) => {
      const sink = options.files === undefined ? undefined : folderSink(options.files, await openBlobs(fileStore));
      return exportDeclaration(db, keys, sink);
    },
  );
  if (options.secrets !== undefined) writeSecrets(options.secrets, secrets);
  const { stringify } = await import("yaml"); // which `start`, of every role, would load for nothing
  const yaml = stringify(declaration, { lineWidth: LINE_WIDTH });
  say(context, options, { json: declaration, lines: [yaml.trimEnd()] });
  if (filesLeftOut > 0) context.stderr.write(`Logos and files left out: ${filesLeftOut}. --files FOLDER writes them\n`);
}

/** Paths are said from beside the folder, by its own name. */
function folderSink(given: string, blobs: Blobs): FileSink {
  const folder = resolve(given);
  const write = (path: string, bytes: Buffer) => {
    const file = join(dirname(folder), path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  };
  return { blobs, folder: basename(folder), write };
}

/** Read them with `set -a; . FILE; set +a`. */
function writeSecrets(file: string, secrets: Readonly<Record<string, string>>): void {
  const lines = Object.entries(secrets).map(([name, value]) => `${name}=${shellQuoted(value)}\n`);
  writeFileSync(file, lines.join(""), { mode: 0o600 });
}

function shellQuoted(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}
