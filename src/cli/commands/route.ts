/** `pennypost route +372…`: which way a text would go at this moment, and why no other. Nothing is sent. */
import type { Command } from "commander";
import { type CarrierPrice, chargeWords } from "../../core/price/carrier-prices.ts";
import { decimalText } from "../../core/price/decimal.ts";
import { Refusal } from "../../core/refusal.ts";
import { PRIORITIES, type Priority } from "../../core/routing/route-rule.ts";
import { verdictWords } from "../../core/routing/route-words.ts";
import { senderWords } from "../../core/senders/sender-words.ts";
import { type TriedRoute, tryRoute } from "../../flow/routing/try-route.ts";
import { systemClock } from "../../platform/clock.ts";
import type { KeyKind } from "../../records/services/service.ts";
import { type CommandContext, JSON_OPTION, say, withInstallation } from "../command.ts";

const KEY_KINDS = ["live", "team", "test"] as const;

interface Options {
  service?: string;
  sender?: string;
  priority?: string;
  network?: string;
  key?: string;
  json?: boolean;
}

export function addRouteCommand(program: Command, context: CommandContext): void {
  program
    .command("route")
    .description("which way a text to a number would go now, and why; nothing is sent")
    .argument("<number>", "a phone number")
    .option("--service <service>", "sent by this service: its id or its name")
    .option("--sender <sender>", "coming from this sender; left out, the service's own")
    .option("--priority <priority>", `${PRIORITIES.join(", ")} (default: normal)`)
    .option("--network <code>", "country and network code of the number, if you know it, such as 23415")
    .option("--key <kind>", `with a key of this kind: ${KEY_KINDS.join(", ")} (default: live)`)
    .option(...JSON_OPTION)
    .action((number: string, options: Options) => route(context, number, options));
}

async function route(context: CommandContext, number: string, options: Options): Promise<void> {
  const { service, sender, network } = options;
  const [priority, keyKind] = [priorityOf(options.priority), keyKindOf(options.key)];
  await withInstallation(context, "route", async ({ db }) => {
    const tried = await tryRoute({ db, clock: systemClock }, { number, service, sender, network, priority, keyKind });
    if (tried.choice.kind !== "route") context.exit.status = 1;
    say(context, options, { json: documentOf(tried), lines: linesOf(tried) });
  });
}

function priorityOf(text: string | undefined): Priority | undefined {
  const found = PRIORITIES.find((priority) => priority === text);
  if (text !== undefined && !found) throw new Refusal("invalid", `--priority must be one of ${PRIORITIES.join(", ")}`);
  return found;
}

function keyKindOf(text: string | undefined): KeyKind | undefined {
  const found = KEY_KINDS.find((kind) => kind === text);
  if (text !== undefined && !found) throw new Refusal("invalid", `--key must be one of ${KEY_KINDS.join(", ")}`);
  return found;
}

const NO_WAY = { "no-route": "no route takes it", "none-available": "no provider is there at this moment" } as const;

function linesOf({ choice, verdicts, country, sender, priceOf, currency }: TriedRoute): string[] {
  const chosen = choice.kind === "route" ? choice : undefined;
  const to = `${country.names.join(", ")} (+${country.prefix})`;
  const way = choice.kind === "route" ? `${choice.route.name}, to ${choice.route.provider}` : NO_WAY[choice.kind];
  return [
    `A text to ${to}: ${way}`,
    ...(sender ? [`From ${senderWords(sender)}`] : []),
    ...verdicts.map((verdict) => {
      const mark = verdict.kind === "chosen" ? "*" : " ";
      const { position, name, provider } = verdict.route;
      const price = priceOf(provider);
      const charge = price ? `; ${chargeWords(price, currency)} a part` : "";
      return `${mark} ${position} ${name} (${provider}): ${verdictWords(verdict, chosen)}${charge}`;
    }),
  ];
}

function documentOf({ choice, verdicts, country, message, sender, priceOf, currency }: TriedRoute) {
  const chosen = choice.kind === "route" ? choice : undefined;
  return {
    country: country.prefix,
    international: message.isInternational,
    route: chosen?.route.name ?? null,
    provider: chosen?.route.provider ?? null,
    why: chosen?.how ?? choice.kind,
    ...(sender ? { sender: sender.kind === "sender" ? sender.sender : null, sender_words: senderWords(sender) } : {}),
    ...(chosen?.weights ? { weights: chosen.weights } : {}),
    currency,
    routes: verdicts.map((verdict) => ({
      ...{ name: verdict.route.name, provider: verdict.route.provider, position: verdict.route.position },
      verdict: codeOf(verdict),
      words: verdictWords(verdict, chosen),
      ...chargeOf(priceOf(verdict.route.provider)),
    })),
  };
}

/** Of one part: exact, as text; null at home where there is no exchange rate. */
function chargeOf(price: CarrierPrice | undefined) {
  if (!price) return {};
  const { amount, currency, atHome } = price;
  const charged = { amount: decimalText(amount), currency };
  return { charged, charged_at_home: atHome ? decimalText(atHome) : null };
}

function codeOf(verdict: TriedRoute["verdicts"][number]): string {
  if (verdict.kind === "misfit") return verdict.misfit;
  return verdict.kind === "obstacle" ? verdict.obstacle : verdict.kind;
}
