/** The bodies of the requests that reach a person by several steps, and the query of their list. What is wrong with a step names the step. */
import { addressText } from "../../../core/address/address-text.ts";
import {
  isJsonNumber,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  spellingOf,
} from "../../../core/json/json-value.ts";
import { toPersonalisation } from "../../../core/json/personalisation.ts";
import { type Decimal, decimal } from "../../../core/price/decimal.ts";
import {
  defaultUntil,
  REACH_CHANNELS,
  REACH_SECONDS,
  REACH_STATUSES,
  type ReachChannel,
  type ReachStatus,
  STEPS_MAX,
  UNTILS,
  untilProblem,
} from "../../../core/reach/reach-course.ts";
import { normaliseKey } from "../../../core/template/personalisation.ts";
import type { ReachRequest } from "../../../flow/reach/start-reach.ts";
import type { StepWish } from "../../../records/reaches/reach.ts";
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
import { queryJson } from "./read-requests.ts";
import {
  chatRecipient,
  emailAddress,
  httpsUrl,
  object,
  oneOf,
  phoneNumber,
  reference,
  storableText,
  uuid,
  wholeNumber,
} from "./rules.ts";
import { parseMoment } from "./scheduled-time.ts";
import { emptyIfFalsy, PRIORITIES, VALID_FOR_MAX_SECONDS } from "./send-requests.ts";

/** As much as a column of amounts holds, which is far more than any message costs. */
const AMOUNT = /^\d{1,6}(\.\d{1,6})?$/;
const MS_PER_SECOND = 1_000;

const reachSchema = schema({
  reference: optional(reference),
  steps: required(steps),
  personalisation: optional(object),
  deadline: optional(deadline),
  most_cost: optional(amount),
  priority: optional(oneOf(PRIORITIES)),
  valid_for_seconds: optional(wholeNumber({ min: 1, max: VALID_FOR_MAX_SECONDS })),
  callback_url: optional(httpsUrl),
});

const stepFields = {
  channel: required(oneOf(REACH_CHANNELS)),
  template_id: required(uuid),
  personalisation: optional(object),
  until: optional(oneOf(UNTILS)),
  wait_seconds: optional(wholeNumber({ min: 1, max: REACH_SECONDS.max })),
};
const smsSchema = schema({ ...stepFields, phone_number: required(phoneNumber), sms_sender_id: optional(uuid) });
const emailSchema = schema({ ...stepFields, email_address: required(emailAddress), email_reply_to_id: optional(uuid) });
const letterSchema = schema(stepFields);
const chatSchema = schema({ ...stepFields, recipient: required(chatRecipient) });

type Recipient = Pick<StepWish, "recipient" | "person" | "senderId">;
type StepFields = ReturnType<typeof fieldsOf>;

/** How the step of each channel says whom it is for. */
const CHECK: Record<ReachChannel, (step: JsonObject) => Checked<{ fields: StepFields } & Recipient>> = {
  sms: (step) => {
    const checked = checkObject(step, smsSchema);
    if (checked.kind === "invalid") return checked;
    const { phone_number: number, sms_sender_id: senderId, ...rest } = checked.value;
    return valid({ fields: fieldsOf(rest), recipient: number.asSubmitted, senderId });
  },
  email: (step) => {
    const checked = checkObject(step, emailSchema);
    if (checked.kind === "invalid") return checked;
    const { email_address: address, email_reply_to_id: senderId, ...rest } = checked.value;
    return valid({ fields: fieldsOf(rest), recipient: address.asSubmitted, senderId });
  },
  letter: (step) => {
    const checked = checkObject(step, letterSchema);
    if (checked.kind === "invalid") return checked;
    return valid({ fields: fieldsOf(checked.value), recipient: undefined, senderId: undefined });
  },
  chat: (step) => {
    const checked = checkObject(step, chatSchema);
    if (checked.kind === "invalid") return checked;
    const { recipient: person, ...rest } = checked.value;
    return valid({ fields: fieldsOf(rest), recipient: undefined, person, senderId: undefined });
  },
};

function fieldsOf(fields: {
  channel: ReachChannel;
  template_id: string;
  personalisation: JsonObject | undefined;
  until: StepWish["until"] | undefined;
  wait_seconds: number | undefined;
}) {
  return fields;
}

type Asked = Omit<ReachRequest, "service" | "key" | "idempotency">;

/** POST /v2/reach: reports all that is wrong. */
export function checkReachRequest(body: JsonValue, now: Date): Checked<Asked> {
  const checked = checkObject(emptyIfFalsy(body), reachSchema, now);
  if (checked.kind === "invalid") return checked;
  const fields = checked.value;
  const { personalisation = {}, priority, valid_for_seconds: validForSeconds } = fields;
  const read = fields.steps.map((step, at) =>
    checkStep(step, { number: at + 1, of: fields.steps.length, personalisation }),
  );
  const problems = read.flatMap((step) => (step.kind === "invalid" ? step.messages : []));
  if (problems.length > 0) return invalid(problems);
  const wishes = read.flatMap((step) => (step.kind === "valid" ? [step.value] : []));
  return valid({
    wish: { steps: wishes, priority, validForSeconds },
    deadline: fields.deadline ?? new Date(now.getTime() + REACH_SECONDS.default * MS_PER_SECOND),
    mostCost: fields.most_cost,
    callbackUrl: fields.callback_url,
    reference: fields.reference,
  });
}

interface Place {
  number: number;
  of: number;
  /** Of all steps. */
  personalisation: JsonObject;
}

function checkStep(step: JsonObject, place: Place): Checked<StepWish> {
  const { number } = place;
  const named = (messages: readonly string[]) => invalid(messages.map((message) => `Step ${number}: ${message}`));
  const channel = REACH_CHANNELS.find((one) => one === step["channel"]);
  if (channel === undefined) return named(problemsOfChannel(step));
  const checked = CHECK[channel](step);
  if (checked.kind === "invalid") return named(checked.messages);
  const { fields, ...toWhom } = checked.value;
  const json = merged(place.personalisation, fields.personalisation ?? {});
  const { values, files } = toPersonalisation(json);
  const app = toWhom.person?.app;
  const { until = defaultUntil(app), wait_seconds: waitSeconds } = fields;
  const problems = [
    ...[untilProblem(until, channel, app) ?? []].flat(),
    ...(waitSeconds !== undefined && number === place.of
      ? ["wait_seconds is for a step that another one follows"]
      : []),
    ...(files.length > 0 ? ["personalisation cannot have files"] : []),
  ];
  if (problems.length > 0) return named(problems);
  return valid({
    ...{ number, channel, ...toWhom, until, waitSeconds },
    templateId: fields.template_id,
    addressText: channel === "letter" ? addressText(json) : undefined,
    personalisation: values,
  });
}

function problemsOfChannel(step: JsonObject): string[] {
  const { channel } = step;
  if (channel === undefined) return ["channel is a required property"];
  return [`channel ${shown(channel)} is not one of [${REACH_CHANNELS.join(", ")}]`];
}

/** A step's own value counts, however its name is written. */
function merged(ofAll: JsonObject, own: JsonObject): JsonObject {
  const names = new Set(Object.keys(own).map(normaliseKey));
  const others = Object.entries(ofAll).filter(([name]) => !names.has(normaliseKey(name)));
  return { ...Object.fromEntries(others), ...own };
}

function steps(value: JsonValue): Judged<JsonObject[]> {
  if (!Array.isArray(value)) return wrong(`${shown(value)} is not of type array`);
  if (value.length === 0) return wrong("must have at least one step");
  if (value.length > STEPS_MAX) return wrong(`has more than ${STEPS_MAX} steps`);
  const objects = value.filter(isJsonObject);
  return objects.length === value.length ? fits(objects) : wrong("must be objects");
}

/** Seconds from now, or a moment as ISO 8601 writes it. */
function deadline(value: JsonValue, now: Date): Judged<Date> {
  if (typeof value !== "string") {
    const judged = wholeNumber(REACH_SECONDS)(value, now);
    return judged.kind === "wrong" ? judged : fits(new Date(now.getTime() + judged.value * MS_PER_SECOND));
  }
  const moment = parseMoment(value);
  if (!moment) return wrong(`${shown(value)} is neither a number of seconds nor a date time by ISO 8601`);
  const seconds = (moment.getTime() - now.getTime()) / MS_PER_SECOND;
  if (seconds <= 0) return wrong("can not be in the past");
  return seconds > REACH_SECONDS.max ? wrong(`can only be ${REACH_SECONDS.max} seconds in the future`) : fits(moment);
}

/** An amount of money, as a number or in quotation marks. */
function amount(value: JsonValue): Judged<Decimal> {
  const text = isJsonNumber(value) ? spellingOf(value) : String(value);
  if (typeof value === "boolean" || value === null || !AMOUNT.test(text))
    return wrong(`${shown(value)} is not an amount such as 0.4, with six decimals at most`);
  return fits(decimal(text));
}

export interface ReachQuery {
  reference: string | undefined;
  status: ReachStatus | undefined;
  olderThan: string | undefined;
}

const querySchema = schema({
  reference: optional(storableText),
  status: optional(oneOf(REACH_STATUSES)),
  older_than: optional(uuid),
});

/** GET /v2/reach. */
export function checkReachQuery(query: URLSearchParams): Checked<ReachQuery> {
  const checked = checkObject(queryJson(query), querySchema);
  if (checked.kind === "invalid") return checked;
  const { older_than: olderThan, ...rest } = checked.value;
  return valid({ ...rest, olderThan });
}
