/** `pennypost send sms|email`: one message through the running API. */
import { setTimeout as sleep } from "node:timers/promises";
import { Argument, type Command } from "commander";
import { Refusal } from "../../core/refusal.ts";
import { type ApiClient, chooseKey, createApiClient } from "../api-client.ts";
import { type CommandContext, configOf, JSON_OPTION, say } from "../command.ts";

const WAIT_SECONDS = 60;
const POLL_MS = 250;
/** Nothing more happens by itself to one of these; a text abroad often ends at `sent`. */
const FINAL = new Set([
  "delivered",
  "sent",
  "permanent-failure",
  "temporary-failure",
  "technical-failure",
  "cancelled",
]);
const SUCCESSES = new Set(["delivered", "sent"]);

interface Options {
  to: string;
  template: string;
  key?: string;
  personalisation?: string[];
  reference?: string;
  wait?: boolean;
  json?: boolean;
}

interface Sent {
  id: string;
  content: { body: string };
}

export function addSendCommand(program: Command, context: CommandContext): void {
  program
    .command("send")
    .description("send one message through the running API")
    .addArgument(new Argument("<channel>").choices(["sms", "email"]))
    .requiredOption("--to <recipient>", "phone number or email address")
    .requiredOption("--template <id>", "which template")
    .option("--personalisation <name=value...>", "values for the template's placeholders")
    .option("--reference <text>", "your own name for it")
    .option("--key <key>", "whole API key; else PENNYPOST_API_KEY, else the demonstration's live key")
    .option("--wait", `wait for what becomes of it, at most ${WAIT_SECONDS} seconds`)
    .option(...JSON_OPTION)
    .action((channel: "sms" | "email", options: Options) => send(context, channel, options));
}

async function send(context: CommandContext, channel: "sms" | "email", options: Options): Promise<void> {
  const config = configOf(context);
  const api = createApiClient(config, chooseKey(context, config, options.key));
  const recipient = channel === "sms" ? { phone_number: options.to } : { email_address: options.to };
  const { id, content } = await api.post<Sent>(`/v2/notifications/${channel}`, {
    ...recipient,
    template_id: options.template,
    personalisation: valuesOf(options.personalisation ?? []),
    ...(options.reference === undefined ? {} : { reference: options.reference }),
  });
  const status = options.wait ? await waitForStatus(api, id) : "created";
  if (options.wait && !SUCCESSES.has(status)) context.exit.status = 1;
  say(context, options, { json: { id, status, body: content.body }, lines: [`${id} ${status}`, "", content.body] });
}

/** valuesOf(["name=Ada"]) → { name: "Ada" } */
function valuesOf(pairs: readonly string[]): Record<string, string> {
  const entries = pairs.map((pair) => {
    const at = pair.indexOf("=");
    if (at < 1) throw new Refusal("invalid", `--personalisation takes name=value, not "${pair}"`);
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return Object.fromEntries(entries);
}

async function waitForStatus(api: ApiClient, id: string): Promise<string> {
  const deadline = performance.now() + WAIT_SECONDS * 1_000;
  for (;;) {
    const { status } = await api.get<{ status: string }>(`/v2/notifications/${id}`);
    if (FINAL.has(status) || performance.now() > deadline) return status;
    await sleep(POLL_MS);
  }
}
