/** Which way a text would go at this moment, and why no other: for commands and pages. Nothing is sent. */
import { HOME_TIME_ZONE } from "../../core/calendar/home.ts";
import { minuteOfWeek } from "../../core/calendar/week-times.ts";
import { type Country, listCountries } from "../../core/phone/international-rates.ts";
import { type PhoneNumber, parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import { phoneProblemMessage } from "../../core/phone/phone-problem-message.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Standing } from "../../core/routing/choose-route.ts";
import { type Explained, explainRoutes } from "../../core/routing/explain-routes.ts";
import type { Priority, RoutedMessage } from "../../core/routing/route-rule.ts";
import { senderTypeOf } from "../../core/routing/sender-type.ts";
import { listTextSenders } from "../../records/senders/text-sender-store.ts";
import type { KeyKind } from "../../records/services/service.ts";
import { listServices } from "../../records/services/service-settings-store.ts";
import type { App } from "../app.ts";
import { fieldRefusal } from "../form-refusal.ts";
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
}

const READY: Standing = { kind: "ready", share: 1, wantsProbe: false };

/** Fields: `number`, `service`. */
export async function tryRoute(app: Pick<App, "db" | "clock">, trial: RouteTrial): Promise<TriedRoute> {
  const number = parsePhoneNumber(trial.number);
  if (typeof number === "string") throw fieldRefusal("number", number, phoneProblemMessage(number));
  const [message, routing, standings] = await Promise.all([
    messageOf(app, trial, number),
    readRouting(app.db),
    listStandings(app),
  ]);
  const explained = explainRoutes({
    routes: routing.routes("sms"),
    message,
    standingOf: (provider) => standings.get(provider) ?? READY,
    priceOf: (provider) => routing.price(provider, number.countryPrefix),
    failedProvider: undefined,
    draw: Math.random(),
  });
  return { ...explained, message, country: getCountry(number.countryPrefix) };
}

async function messageOf(
  app: Pick<App, "db" | "clock">,
  { service, sender, priority = "normal", network, keyKind = "live" }: RouteTrial,
  { international, countryPrefix }: PhoneNumber,
): Promise<RoutedMessage> {
  const serviceId = service ? await serviceIdOf(app, service) : undefined;
  const from = sender || (serviceId && (await defaultSender(app, serviceId)));
  return {
    ...{ keyKind, isInternational: international, countryPrefix, network: network || undefined, serviceId, priority },
    senderType: from ? senderTypeOf(from) : undefined,
    minuteOfWeek: minuteOfWeek(app.clock.now(), HOME_TIME_ZONE),
  };
}

async function serviceIdOf({ db }: Pick<App, "db">, named: string): Promise<string> {
  const found = (await listServices(db)).filter(({ id, name }) => id === named.toLowerCase() || name === named);
  if (found.length === 1 && found[0]) return found[0].id;
  const message =
    found.length === 0 ? "There is no service of that name or id" : "Several services have that name: give an id";
  throw fieldRefusal("service", "service-unknown", message);
}

async function defaultSender({ db }: Pick<App, "db">, serviceId: string): Promise<string | undefined> {
  return (await listTextSenders(db, serviceId)).find(({ isDefault }) => isDefault)?.sender;
}

function getCountry(prefix: string): Country {
  const country = listCountries().find((one) => one.prefix === prefix);
  if (country) return country;
  throw new Refusal("not-found", "There is no such country");
}
