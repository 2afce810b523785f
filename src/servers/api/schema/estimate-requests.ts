/** The body of the request that asks what texts would cost. */
import { isJsonObject, type JsonValue } from "../../../core/json/json-value.ts";
import { toPersonalisation } from "../../../core/json/personalisation.ts";
import { type EstimateRequest, RECIPIENTS_MAX } from "../../../flow/money/estimate-prices.ts";
import {
  type Checked,
  checkObject,
  fits,
  invalid,
  type Judged,
  optional,
  required,
  schema,
  shown,
  valid,
  wrong,
} from "./checker.ts";
import { object, storableText, text, uuid } from "./rules.ts";
import { emptyIfFalsy } from "./send-requests.ts";

type Recipients = EstimateRequest["recipients"];

const recipientSchema = schema({ phone_number: required(text), personalisation: optional(object) });

const estimateSchema = schema({
  template_id: optional(uuid),
  body: optional(storableText),
  personalisation: optional(object),
  recipients: required(recipients),
});

/** Numbers, or numbers with values of their own. */
function recipients(value: JsonValue): Judged<Recipients> {
  if (!Array.isArray(value)) return wrong(`${shown(value)} is not of type array`);
  if (value.length === 0) return wrong("must have at least one recipient");
  if (value.length > RECIPIENTS_MAX) return wrong(`has more than ${RECIPIENTS_MAX} recipients`);
  const all: Recipients[number][] = [];
  for (const [index, item] of value.entries()) {
    const one = recipient(item);
    if (typeof one === "string") return wrong(`${index} ${one}`);
    all.push(one);
  }
  return fits(all);
}

function recipient(item: JsonValue): Recipients[number] | string {
  if (typeof item === "string") return { phoneNumber: item, personalisation: {} };
  if (!isJsonObject(item)) return "is not of type string, object";
  const checked = checkObject(item, recipientSchema);
  if (checked.kind === "invalid") return checked.messages[0] ?? "";
  const { phone_number: phoneNumber, personalisation = {} } = checked.value;
  return { phoneNumber, personalisation: toPersonalisation(personalisation).values };
}

/** POST /v2/price-estimates. */
export function checkEstimateRequest(body: JsonValue): Checked<Omit<EstimateRequest, "service">> {
  const checked = checkObject(emptyIfFalsy(body), estimateSchema);
  if (checked.kind === "invalid") return checked;
  const { template_id: templateId, body: words, personalisation = {}, recipients: all } = checked.value;
  const given = toPersonalisation(personalisation);
  if ((templateId === undefined) === (words === undefined))
    return invalid(["template_id or body is a required property, and not both"]);
  if (words !== undefined && Object.keys(given.values).length > 0)
    return invalid(["personalisation is only for a template_id"]);
  if (given.files.length > 0) return invalid(["personalisation cannot have files"]);
  if (words !== undefined)
    return valid({ words: { body: words }, recipients: all.map((one) => ({ ...one, personalisation: {} })) });
  return valid({ words: { templateId: templateId ?? "", personalisation: given.values }, recipients: all });
}
