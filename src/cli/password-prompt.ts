/** Where a new password comes from: standard input, a person at a terminal, or chance. */
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { Refusal } from "../core/refusal.ts";
import { newPassword } from "../records/users/password.ts";
import type { CommandContext } from "./command.ts";

export interface ChosenPassword {
  password: string;
  /** Nobody has seen it yet, so it must be shown. */
  isGenerated: boolean;
}

export async function choosePassword(
  context: CommandContext,
  options: { passwordStdin?: boolean; generate?: boolean },
): Promise<ChosenPassword> {
  if (options.passwordStdin) return { password: await firstLine(context), isGenerated: false };
  if (options.generate || !context.stdin.isTTY) return { password: newPassword(), isGenerated: true };
  const typed = await ask(context, "Password (leave it empty to have one made): ");
  if (typed === "") return { password: newPassword(), isGenerated: true };
  if ((await ask(context, "The same again: ")) !== typed) throw new Refusal("invalid", "The two passwords differ");
  return { password: typed, isGenerated: false };
}

async function firstLine({ stdin }: CommandContext): Promise<string> {
  const lines = createInterface({ input: stdin });
  for await (const line of lines) return line;
  throw new Refusal("invalid", "There is no password on standard input");
}

/** What is typed is not shown. */
function ask({ stdin, stderr }: CommandContext, question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: nowhere, terminal: true });
  stderr.write(question);
  return new Promise((resolve, reject) => {
    lines.once("SIGINT", () => reject(new Refusal("invalid", "Nothing was changed")));
    lines.question("", resolve);
  })
    .then((answer) => String(answer))
    .finally(() => {
      lines.close();
      stderr.write("\n");
    });
}
