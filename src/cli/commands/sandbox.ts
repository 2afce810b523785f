/** `pennypost sandbox`: look at the demonstration's phone and mailbox, answer a text, and make the sandbox fail as real carriers do. */
import type { Command } from "commander";
import { parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import { Refusal } from "../../core/refusal.ts";
import { orderSandbox, type SandboxOrder } from "../../records/sandbox-outbox/sandbox-order.ts";
import {
  type KeptSandboxMessage,
  listSandboxMessages,
  sandboxKeys,
} from "../../records/sandbox-outbox/sandbox-outbox-store.ts";
import { type CommandContext, JSON_OPTION, say, withInstallation } from "../command.ts";

const MESSAGES_DEFAULT = 10;
const MESSAGES_MAX = 500;

interface JsonOption {
  json?: boolean;
}

export function addSandboxCommand(program: Command, context: CommandContext): void {
  const sandbox = program.command("sandbox").description("the demonstration's phone, mailbox and carrier");
  addMessages(sandbox, context);
  addReply(sandbox, context);
  addFaults(sandbox, context);
}

function addMessages(sandbox: Command, context: CommandContext): void {
  sandbox
    .command("messages")
    .description("show what was received: texts, emails, chat messages, letters and callbacks, newest first")
    .option("--to <recipient>", "only of this recipient: 07700900123, an address, or a callback's path")
    .option("--limit <count>", "how many at most", String(MESSAGES_DEFAULT))
    .option(...JSON_OPTION)
    .action((options: JsonOption & { to?: string; limit: string }) =>
      withInstallation(context, "sandbox messages", async ({ db, keys }) => {
        const wanted = { limit: countOf(options.limit), ...(options.to ? { recipient: asKept(options.to) } : {}) };
        const messages = await listSandboxMessages(db, sandboxKeys(keys.master), wanted);
        say(context, options, {
          json: messages.map(({ pdf: _, ...message }) => message),
          lines: messages.length > 0 ? messages.flatMap(linesOf) : ["Nothing yet."],
        });
      }),
    );
}

/** Phone numbers are kept with their country's code, however they are asked for. */
export function asKept(recipient: string): string {
  const number = parsePhoneNumber(recipient);
  return typeof number === "string" ? recipient : number.digits;
}

function addReply(sandbox: Command, context: CommandContext): void {
  sandbox
    .command("reply")
    .description("write a text from a phone to a number of a service")
    .requiredOption("--from <number>", "the phone's number, such as 447700900123")
    .requiredOption("--to <number>", "the service's number, such as 447700900500")
    .requiredOption("--text <text>", "what the phone writes")
    .option(...JSON_OPTION)
    .action((options: JsonOption & { from: string; to: string; text: string }) => {
      const { from, to, text } = options;
      return order(context, options, { kind: "reply", from, to, text });
    });
}

function addFaults(sandbox: Command, context: CommandContext): void {
  sandbox
    .command("faults <part> <faults>")
    .description(
      `make the carrier, the mailbox or the print shop fail: pennypost sandbox faults carrier '{"receiptDelayMs": 5000}'`,
    )
    .option(...JSON_OPTION)
    .action((part: string, faults: string, options: JsonOption) => {
      if (part !== "carrier" && part !== "mailbox" && part !== "print-shop")
        throw new Refusal("invalid", `There is no ${part} in the sandbox: carrier, mailbox or print-shop`);
      return order(context, options, { kind: `${part}-faults`, faults: parseFaults(faults) });
    });
}

function order(context: CommandContext, options: JsonOption, what: SandboxOrder): Promise<void> {
  return withInstallation(context, "sandbox", async ({ db }) => {
    await orderSandbox(db, what);
    say(context, options, { json: { ordered: what.kind }, lines: ["The sandbox has been told, if it runs."] });
  });
}

function parseFaults(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>;
  } catch {
    // Refused below, as anything else that is no object.
  }
  throw new Refusal("invalid", `The faults must be a JSON object such as {"throttleEvery": 3}`);
}

function countOf(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MESSAGES_MAX) return count;
  throw new Refusal("invalid", `--limit must be a whole number from 1 to ${MESSAGES_MAX}, not "${text}"`);
}

function linesOf({ at, channel, app, from, to, subject, text }: KeptSandboxMessage): string[] {
  const heading = `${at.toISOString()}  ${app ?? channel}  ${from} → ${to}`;
  return [
    heading,
    ...(subject ? [`  ${subject}`] : []),
    ...text
      .trimEnd()
      .split("\n")
      .map((line) => `  ${line}`),
    "",
  ];
}
