/** `pennypost apply FILE.yaml`: services, keys, templates, providers and the rest as code. */
import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import type { Command } from "commander";
import { Refusal } from "../../core/refusal.ts";
import { type ApplyReport, applyDeclaration } from "../apply/apply.ts";
import { type Declaration, readDeclaration } from "../apply/declaration.ts";
import { withFileTools } from "../apply/file-tools.ts";
import { readerFrom } from "../apply/named-files.ts";
import type { Change, Fields } from "../apply/run.ts";
import { type CommandContext, JSON_OPTION, quietLog, say, withInstallation } from "../command.ts";

const VALUE_MAX_CHARACTERS = 60;
const SIGNS: Record<Change["action"], string> = { created: "+", updated: "~", removed: "-" };

interface Options {
  dryRun?: boolean;
  prune?: boolean;
  json?: boolean;
}

export function addApplyCommand(program: Command, context: CommandContext): void {
  program
    .command("apply")
    .description("make the installation what a file says: all of it, or none")
    .argument("<file>", "YAML file; - reads standard input")
    .option("--dry-run", "show what would change, and change nothing")
    .option("--prune", "remove what the lists in the file do not name (never services, users or organisations)")
    .option(...JSON_OPTION)
    .action((file: string, options: Options) => apply(context, file, options));
}

async function apply(context: CommandContext, file: string, options: Options): Promise<void> {
  const declaration = await readFile(context, file);
  const { dryRun: isDryRun = false, prune: prunes = false } = options;
  const report = await withInstallation(context, "apply", ({ db, keys }, config) => {
    const { sandboxScanner } = context;
    return withFileTools({ config, db, log: quietLog(config), sandboxScanner }, (openFileTools) =>
      applyDeclaration(db, keys, { declaration, actor: "pennypost apply", prunes, isDryRun, openFileTools }),
    );
  });
  say(context, options, {
    json: { dry_run: isDryRun, ...report },
    lines: [...report.changes.flatMap(changeLines), summary(report, isDryRun), ...secretLines(report)],
  });
}

async function readFile(context: CommandContext, file: string): Promise<Declaration> {
  const content = file === "-" ? await readAll(context) : readContent(file);
  const name = file === "-" ? "standard input" : basename(file);
  const readFile = readerFrom(file === "-" ? "." : dirname(file));
  const { parseFile } = await import("../apply/parse-file.ts"); // and with it YAML, which `start` would load for nothing
  return readDeclaration(parseFile(content, { name, environment: context.environment, readFile }));
}

async function readAll({ stdin }: CommandContext): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("utf8");
}

function readContent(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Refusal("not-found", `Cannot read ${file}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** `~ service Northwold Libraries` and, below it, what is another than before. */
function changeLines({ action, kind, name, before, after }: Change): string[] {
  const lines = action === "updated" ? fieldLines(before ?? {}, after ?? {}) : [];
  return [`${SIGNS[action]} ${kind} ${name}`, ...lines];
}

function fieldLines(before: Fields, after: Fields): string[] {
  return Object.keys(after).map((field) => `    ${field}: ${shown(before[field])} → ${shown(after[field])}`);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > VALUE_MAX_CHARACTERS ? `${text.slice(0, VALUE_MAX_CHARACTERS)}…` : text;
}

function summary({ changes, unchanged }: ApplyReport, isDryRun: boolean): string {
  const count = (action: Change["action"]) => changes.filter((change) => change.action === action).length;
  const counts = `${count("created")} created, ${count("updated")} updated, ${count("removed")} removed, ${unchanged} as they were`;
  return isDryRun ? `Nothing was changed. It would be: ${counts}.` : `Done: ${counts}.`;
}

function secretLines({ secrets }: ApplyReport): string[] {
  if (secrets.length === 0) return [];
  return [
    "",
    "Keep these now; they are not shown again:",
    ...secrets.map(({ kind, name, value }) => `  ${kind} ${name}: ${value}`),
  ];
}
