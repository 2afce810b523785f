/** `pennypost lookup +44…`: what is known of numbers, from the running API. */
import type { Command } from "commander";
import { type ApiClient, chooseKey, createApiClient } from "../api-client.ts";
import { type CommandContext, configOf, JSON_OPTION, say } from "../command.ts";

interface Options {
  network?: boolean;
  key?: string;
  json?: boolean;
}

interface Lookup {
  phone_number: string;
  is_valid: boolean;
  message: string | null;
  number: string | null;
  type: string | null;
  country_name: string | null;
  country_prefix: string | null;
  status: string;
  is_roaming: boolean | null;
  is_ported: boolean | null;
  current_network: string | null;
  looked_up_at: string | null;
}

export function addLookupCommand(program: Command, context: CommandContext): void {
  program
    .command("lookup")
    .description("whether numbers can be sent to, of which type they are, and where they belong")
    .argument("<number...>", "phone numbers")
    .option("--network", "ask their networks, too, which costs")
    .option("--key <key>", "whole API key; else PENNYPOST_API_KEY, else the demonstration's live key")
    .option(...JSON_OPTION)
    .action((numbers: string[], options: Options) => lookup(context, numbers, options));
}

/** Ends with 1 when nothing can be sent to one of them. */
async function lookup(context: CommandContext, numbers: string[], options: Options): Promise<void> {
  const config = configOf(context);
  const api: ApiClient = createApiClient(config, chooseKey(context, config, options.key));
  const answer = await api.post<{ lookups: Lookup[] }>("/v2/number-lookups", {
    phone_numbers: numbers,
    source: options.network ? "network" : "number-data",
  });
  if (answer.lookups.some((one) => !one.is_valid)) context.exit.status = 1;
  say(context, options, { json: answer, lines: answer.lookups.map(lineOf) });
}

function lineOf({ phone_number: given, is_valid: isValid, message, number, type, ...where }: Lookup): string {
  if (!isValid) return `${given}: ${message}`;
  const country = where.country_name ?? `+${where.country_prefix}`;
  return [`${given}: ${number}`, type?.replaceAll("-", " "), country, ...networkWords(where)].join(", ");
}

/** Nothing where no network has answered. */
function networkWords(said: Pick<Lookup, "status" | "is_roaming" | "is_ported" | "current_network" | "looked_up_at">) {
  if (said.looked_up_at === null) return [];
  const network = said.current_network === null ? [] : [`network ${said.current_network}`];
  return [said.status, ...network, ...(said.is_roaming ? ["roaming"] : []), ...(said.is_ported ? ["ported"] : [])];
}
