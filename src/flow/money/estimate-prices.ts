/**
 * What texts would cost and how many of them would arrive, before anything is sent: each recipient with its parts and its price, or with
 * what is wrong with it. Nothing is kept, no network is asked, and limits and balances are not, either.
 */
import { channels } from "../../core/channels/channels.ts";
import type { NetworkFacts } from "../../core/phone/network-facts.ts";
import { numberPermission } from "../../core/phone/number-permission.ts";
import { type PhoneNumber, parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import { phoneProblemMessage } from "../../core/phone/phone-problem-message.ts";
import { type Decimal, decimal, decimalText, plus, times } from "../../core/price/decimal.ts";
import { priceOfFragment } from "../../core/price/text-price.ts";
import type { Forecast } from "../../core/quality/forecast.ts";
import { Refusal } from "../../core/refusal.ts";
import { suppressedMessage } from "../../core/suppression/suppression-reason.ts";
import type { Whereabouts } from "../../records/number-lookups/network-lookup-store.ts";
import { mayUse, type Service } from "../../records/services/service.ts";
import { NO_LETTER_PARTS, type TemplateVersion } from "../../records/templates/template.ts";
import type { App } from "../app.ts";
import { getSendableTemplate, refuseIfIncomplete } from "../intake/sendable-template.ts";
import { houseStyleOf, renderTemplate } from "../rendering.ts";
import { type Forecaster, forecastTexts, knownOf } from "./forecast-texts.ts";

export const RECIPIENTS_MAX = 1_000;

type Values = Record<string, string | string[]>;

export interface EstimateRequest {
  service: Service;
  words: { templateId: string; personalisation: Values } | { body: string };
  /** Each may have values of its own, before those of all. */
  recipients: readonly { phoneNumber: string; personalisation: Values }[];
}

export interface PricedRecipient {
  kind: "priced";
  phoneNumber: string;
  /** E.164 without the plus. */
  digits: string;
  parts: number;
  countryPrefix: string;
  unitPrice: Decimal;
  cost: Decimal;
  /** What its network said lately; undefined where none was asked. */
  network?: NetworkFacts | undefined;
}

export type RecipientEstimate =
  | PricedRecipient
  | { kind: "suppressed"; phoneNumber: string; problem: string }
  | { kind: "invalid"; phoneNumber: string; problem: string };

export interface PriceEstimate {
  recipients: readonly RecipientEstimate[];
  total: Decimal;
  parts: number;
  /** Recipients that something is wrong with: no text would be accepted for them. */
  invalid: number;
  /** Recipients on the service's suppression list: no text would be accepted for them, either. */
  suppressed: number;
  forecast: Forecast;
}

type Pricer = Forecaster & Pick<App, "templates" | "prices" | "networks">;

export async function estimatePrices(app: Pricer, request: EstimateRequest): Promise<PriceEstimate> {
  const { service, words } = request;
  const template =
    "body" in words
      ? freeText(service, words.body)
      : await getSendableTemplate(app.templates, { service, templateId: words.templateId, channel: "sms" });
  const forAll = "body" in words ? { text: words.body } : words.personalisation;
  const networks = await whereAllAre(app, request);
  const estimated: RecipientEstimate[] = [];
  for (const { phoneNumber, personalisation } of request.recipients) {
    const values = { ...forAll, ...personalisation };
    estimated.push(await estimateOne(app, { service, template, phoneNumber, values, networks }));
  }
  return addUp(app, service.id, await withWhatIsKnown(app, service.id, estimated));
}

/** By digits: one statement for all of them. */
function whereAllAre({ networks }: Pricer, { recipients }: EstimateRequest): Promise<ReadonlyMap<string, Whereabouts>> {
  const numbers = recipients.map(({ phoneNumber }) => parsePhoneNumber(phoneNumber));
  return networks.findAll(numbers.flatMap((number) => (typeof number === "string" ? [] : [number.digits])));
}

async function withWhatIsKnown(
  app: Pricer,
  serviceId: string,
  estimated: readonly RecipientEstimate[],
): Promise<RecipientEstimate[]> {
  const numbers = estimated.flatMap((one) => (one.kind === "priced" ? [one.digits] : []));
  const { suppressed, networks } = await knownOf(app, { serviceId, numbers });
  return estimated.map((one) => {
    if (one.kind !== "priced") return one;
    const reason = suppressed.get(one.digits);
    if (reason) return { kind: "suppressed", phoneNumber: one.phoneNumber, problem: suppressedMessage(reason, "sms") };
    return { ...one, network: networks.get(one.digits) };
  });
}

async function addUp(app: Pricer, serviceId: string, recipients: readonly RecipientEstimate[]): Promise<PriceEstimate> {
  const priced = recipients.filter((one) => one.kind === "priced");
  const texts = priced.map(({ countryPrefix, cost, network }) => ({
    ...{ countryPrefix, cost: Number(decimalText(cost)), status: network?.status },
    isRoaming: network?.isRoaming === true,
  }));
  return {
    recipients,
    total: priced.map(({ cost }) => cost).reduce(plus, decimal("0.0")),
    parts: priced.reduce((sum, { parts }) => sum + parts, 0),
    invalid: recipients.filter(({ kind }) => kind === "invalid").length,
    suppressed: recipients.filter(({ kind }) => kind === "suppressed").length,
    forecast: await forecastTexts(app, { serviceId, texts }),
  };
}

/** A template of nobody's, whose one value are all the words. */
function freeText({ id: serviceId }: Service, body: string): TemplateVersion {
  if (body.trim() === "") throw new Refusal("bad-request", "Your message is empty.");
  const nobody = { templateId: "", serviceId, version: 1, name: "", createdBy: "", createdAt: new Date(0) };
  const unset = { subject: undefined, updatedAt: undefined, archivedAt: undefined, ...NO_LETTER_PARTS };
  return {
    ...nobody,
    ...unset,
    channel: "sms",
    body: "((text))",
    hasUnsubscribeLink: false,
    isHidden: true,
    keeps: "everything",
  };
}

interface One {
  service: Service;
  template: TemplateVersion;
  phoneNumber: string;
  values: Values;
  networks: ReadonlyMap<string, Whereabouts>;
}

async function estimateOne(app: Pricer, one: One): Promise<RecipientEstimate> {
  const { phoneNumber } = one;
  const number = parsePhoneNumber(phoneNumber);
  if (typeof number === "string") return { kind: "invalid", phoneNumber, problem: phoneProblemMessage(number) };
  try {
    return await price(app, one, number);
  } catch (error) {
    if (error instanceof Refusal) return { kind: "invalid", phoneNumber, problem: error.message };
    throw error;
  }
}

async function price(app: Pricer, { service, template, phoneNumber, values, networks }: One, number: PhoneNumber) {
  const verdict = numberPermission(number, {
    international: mayUse(service, "international_sms"),
    landlines: mayUse(service, "sms_to_uk_landlines"),
    requiresCountry: service.requiresCountry,
  });
  if (verdict.kind === "refused") throw verdict.refusal;
  const style = houseStyleOf(service);
  const rendered = renderTemplate(template, values, style);
  refuseIfIncomplete(rendered, values);
  const tooLong = channels.sms.tooLong(rendered.content, style);
  if (tooLong) throw new Refusal("bad-request", tooLong);
  const parts = channels.sms.units(rendered.content, style);
  const { countryPrefix, rateMultiplier, digits } = number;
  const network = networks.get(digits)?.network;
  const listed = await app.prices.listed(service, { digits, network, rateMultiplier });
  const unitPrice = priceOfFragment({ unitPrice: listed, rateMultiplier, createdAt: app.clock.now() });
  return {
    kind: "priced" as const,
    phoneNumber,
    digits,
    parts,
    countryPrefix,
    unitPrice,
    cost: times(unitPrice, parts),
  };
}
