/** Which way a text would go at this moment, and why no other: for commands and pages. Nothing is sent. */
import { HOME_TIME_ZONE } from "../../core/calendar/home.ts";
import { minuteOfWeek } from "../../core/calendar/week-times.ts";
import { type Country, listCountries } from "../../core/phone/international-rates.ts";
import { type PhoneNumber, parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import { phoneProblemMessage } from "../../core/phone/phone-problem-message.ts";
import type { CarrierPrice } from "../../core/price/carrier-prices.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Standing } from "../../core/routing/choose-route.ts";
import { type Explained, explainRoutes } from "../../core/routing/explain-routes.ts";
import type { Priority, RoutedMessage } from "../../core/routing/route-rule.ts";
import { chooseTextSender, type SenderChoice } from "../../core/senders/choose-text-sender.ts";
import { senderTypeOf } from "../../core/senders/sender-type.ts";
import { listCountryRules } from "../../records/senders/country-rule-store.ts";
import { listSenderPools } from "../../records/senders/sender-pool-store.ts";
import { listTextSenders } from "../../records/senders/text-sender-store.ts";
import type { KeyKind } from "../../records/services/service.ts";
import { listServices } from "../../records/services/service-settings-store.ts";
import type { App } from "../app.ts";
import { fieldRefusal } from "../form-refusal.ts";
import { senderQuestion } from "../intake/sender.ts";
import { listStandings } from "../platform/provider-health.ts";
import { type RoutingRule, readRouting } from "./routing.ts";

export interface RouteTrial {
  /** As people write numbers. */
  number: string;
  /** Its id or its name. */
  service?: string | undefined;
  /** Left out: the service's own. */
  sender?: string | undefined;
  priority?: Priority | undefined;
  network?: string | undefined;
  keyKind?: KeyKind | undefined;
}

export interface TriedRoute extends Explained<RoutingRule> {
  country: Country;
  message: RoutedMessage;
  /** Whom it would come from, and why; undefined where no service is named, or a sender is. */
  sender: SenderChoice | undefined;
  /** What a provider charges for a part of it. */
  priceOf: (provider: string) => CarrierPrice | undefined;
  /** Of the home. */
  currency: string;
}

const READY: Standing = { kind: "ready", share: 1, wantsProbe: false };

/** Fields: `number`, `service`. */
export async function tryRoute(app: Pick<App, "db" | "clock">, trial: RouteTrial): Promise<TriedRoute> {
  const number = parsePhoneNumber(trial.number);
  if (typeof number === "string") throw fieldRefusal("number", number, phoneProblemMessage(number));
  const serviceId = trial.service ? await serviceIdOf(app, trial.service) : undefined;
  const sender = serviceId && !trial.sender ? await senderIn(app, serviceId, number) : undefined;
  const from = trial.sender || (sender?.kind === "sender" ? sender.sender : undefined);
  const message = messageOf(app, trial, { number, serviceId, from });
  const [routing, standings] = await Promise.all([readRouting(app.db, app.clock.now()), listStandings(app)]);
  const place = { countryPrefix: number.countryPrefix, network: message.network };
  const priceOf = (provider: string) => routing.price(provider, place);
  const explained = explainRoutes({
    routes: routing.routes("sms"),
    message,
    standingOf: (provider) => standings.get(provider) ?? READY,
    priceOf: (provider) => priceOf(provider)?.millionths,
    failedProvider: undefined,
    draw: Math.random(),
  });
  return {
    ...explained,
    message,
    sender,
    priceOf,
    currency: routing.currency,
    country: getCountry(number.countryPrefix),
  };
}

function messageOf(
  { clock }: Pick<App, "clock">,
  { priority = "normal", network, keyKind = "live" }: RouteTrial,
  { number, serviceId, from }: { number: PhoneNumber; serviceId: string | undefined; from: string | undefined },
): RoutedMessage {
  const { international, countryPrefix } = number;
  return {
    ...{ keyKind, isInternational: international, countryPrefix, network: network || undefined, serviceId, priority },
    senderType: from ? senderTypeOf(from) : undefined,
    minuteOfWeek: minuteOfWeek(clock.now(), HOME_TIME_ZONE),
  };
}

/** As intake chooses it, from what the service has at this moment. */
async function senderIn({ db }: Pick<App, "db">, serviceId: string, number: PhoneNumber): Promise<SenderChoice> {
  const [textSenders, senderPools, rules] = await Promise.all([
    listTextSenders(db, serviceId),
    listSenderPools(db, serviceId),
    listCountryRules(db),
  ]);
  const senderRules = new Map(rules.map((rule) => [rule.countryPrefix, rule]));
  return chooseTextSender(senderQuestion({ textSenders, senderPools, senderRules }, { senderId: undefined, number }));
}

async function serviceIdOf({ db }: Pick<App, "db">, named: string): Promise<string> {
  const found = (await listServices(db)).filter(({ id, name }) => id === named.toLowerCase() || name === named);
  if (found.length === 1 && found[0]) return found[0].id;
  const message =
    found.length === 0 ? "There is no service of that name or id" : "Several services have that name: give an id";
  throw fieldRefusal("service", "service-unknown", message);
}

function getCountry(prefix: string): Country {
  const country = listCountries().find((one) => one.prefix === prefix);
  if (country) return country;
  throw new Refusal("not-found", "There is no such country");
}
