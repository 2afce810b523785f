/**
 * What texts would cost, before anything is sent: each recipient with its parts and its price, or with what is wrong with it. Nothing is
 * kept, and limits and balances are not asked.
 */
import { channels } from "../../core/channels/channels.ts";
import { numberPermission } from "../../core/phone/number-permission.ts";
import { type PhoneNumber, parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import { phoneProblemMessage } from "../../core/phone/phone-problem-message.ts";
import { type Decimal, decimal, plus, times } from "../../core/price/decimal.ts";
import { priceOfFragment } from "../../core/price/text-price.ts";
import { Refusal } from "../../core/refusal.ts";
import { mayUse, type Service } from "../../records/services/service.ts";
import { NO_LETTER_PARTS, type TemplateVersion } from "../../records/templates/template.ts";
import type { App } from "../app.ts";
import { getSendableTemplate, refuseIfIncomplete } from "../intake/sendable-template.ts";
import { houseStyleOf, renderTemplate } from "../rendering.ts";

export const RECIPIENTS_MAX = 1_000;

type Values = Record<string, string | string[]>;

export interface EstimateRequest {
  service: Service;
  words: { templateId: string; personalisation: Values } | { body: string };
  /** Each may have values of its own, before those of all. */
  recipients: readonly { phoneNumber: string; personalisation: Values }[];
}

export type RecipientEstimate =
  | { kind: "priced"; phoneNumber: string; parts: number; countryPrefix: string; unitPrice: Decimal; cost: Decimal }
  | { kind: "invalid"; phoneNumber: string; problem: string };

export interface PriceEstimate {
  recipients: readonly RecipientEstimate[];
  total: Decimal;
  parts: number;
  /** Recipients that something is wrong with: no text would be accepted for them. */
  invalid: number;
}

type Pricer = Pick<App, "templates" | "prices" | "clock">;

export async function estimatePrices(app: Pricer, request: EstimateRequest): Promise<PriceEstimate> {
  const { service, words } = request;
  const template =
    "body" in words
      ? freeText(service, words.body)
      : await getSendableTemplate(app.templates, { service, templateId: words.templateId, channel: "sms" });
  const forAll = "body" in words ? { text: words.body } : words.personalisation;
  const recipients: RecipientEstimate[] = [];
  for (const { phoneNumber, personalisation } of request.recipients)
    recipients.push(
      await estimateOne(app, { service, template, phoneNumber, values: { ...forAll, ...personalisation } }),
    );
  const priced = recipients.filter((one) => one.kind === "priced");
  return {
    recipients,
    total: priced.map(({ cost }) => cost).reduce(plus, decimal("0.0")),
    parts: priced.reduce((sum, { parts }) => sum + parts, 0),
    invalid: recipients.length - priced.length,
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

async function price(app: Pricer, { service, template, phoneNumber, values }: One, number: PhoneNumber) {
  const verdict = numberPermission(number, {
    international: mayUse(service, "international_sms"),
    landlines: mayUse(service, "sms_to_uk_landlines"),
  });
  if (verdict.kind === "refused") throw verdict.refusal;
  const style = houseStyleOf(service);
  const rendered = renderTemplate(template, values, style);
  refuseIfIncomplete(rendered, values);
  const tooLong = channels.sms.tooLong(rendered.content, style);
  if (tooLong) throw new Refusal("bad-request", tooLong);
  const parts = channels.sms.units(rendered.content, style);
  const { countryPrefix, rateMultiplier, digits } = number;
  const listed = await app.prices.listed(service, digits);
  const unitPrice = priceOfFragment({ unitPrice: listed, rateMultiplier, createdAt: app.clock.now() });
  return { kind: "priced" as const, phoneNumber, parts, countryPrefix, unitPrice, cost: times(unitPrice, parts) };
}
