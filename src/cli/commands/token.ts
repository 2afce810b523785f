/** `pennypost token`: a token for trying the API by hand. */
import type { Command } from "commander";
import { chooseKey, tokenOf } from "../api-client.ts";
import { type CommandContext, configOf, JSON_OPTION, say } from "../command.ts";

export function addTokenCommand(program: Command, context: CommandContext): void {
  program
    .command("token")
    .description("print a token for the API, good for half a minute")
    .option("--key <key>", "whole API key; else PENNYPOST_API_KEY, else the demonstration's live key")
    .option(...JSON_OPTION)
    .action((options: { key?: string; json?: boolean }) => {
      const token = tokenOf(chooseKey(context, configOf(context), options.key), new Date());
      say(context, options, { json: { token }, lines: [token] });
    });
}
