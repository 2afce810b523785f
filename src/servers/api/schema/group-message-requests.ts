/** The body of a request to send one message to everybody in a group. */
import { readPurpose } from "../../../core/contacts/consent.ts";
import type { JsonValue } from "../../../core/json/json-value.ts";
import { toPersonalisation } from "../../../core/json/personalisation.ts";
import type { GroupMessage } from "../../../flow/contacts/group-send.ts";
import { area } from "./area.ts";
import { type Checked, checkObject, fits, invalid, optional, required, schema, valid, wrong } from "./checker.ts";
import { httpsUrl, object, oneOf, reference, uuid, wholeNumber } from "./rules.ts";
import { scheduledTime } from "./scheduled-time.ts";
import { emptyIfFalsy } from "./send-requests.ts";

const VALID_FOR_MAX_SECONDS = 259_200;

const messageSchema = schema({
  template_id: required(uuid),
  personalisation: optional(object),
  reference: optional(reference),
  consent: optional(purpose),
  area: optional(area),
  area_id: optional(uuid),
  sms_sender_id: optional(uuid),
  email_reply_to_id: optional(uuid),
  scheduled_for: optional(scheduledTime),
  priority: optional(oneOf(["high", "normal", "low"])),
  valid_for_seconds: optional(wholeNumber({ min: 1, max: VALID_FOR_MAX_SECONDS })),
  callback_url: optional(httpsUrl),
});

export interface GroupMessageAsked {
  templateId: string;
  message: GroupMessage;
  /** Of one that the service has saved, in the place of an area in the message. */
  areaId: string | undefined;
}

/** `now` is what `scheduled_for` is held against. */
export function checkGroupMessage(body: JsonValue, now: Date): Checked<GroupMessageAsked> {
  const checked = checkObject(emptyIfFalsy(body), messageSchema, now);
  if (checked.kind === "invalid") return checked;
  const fields = checked.value;
  const { values, files } = toPersonalisation(fields.personalisation ?? {});
  if (fields.area && fields.area_id) return invalid(["area and area_id cannot be given together"]);
  if (files.length > 0) return invalid(["personalisation cannot have files"]);
  const message = {
    personalisation: values,
    reference: fields.reference,
    consent: fields.consent,
    area: fields.area,
    senderId: fields.sms_sender_id ?? fields.email_reply_to_id,
    scheduledFor: fields.scheduled_for ?? undefined,
    priority: fields.priority,
    validForSeconds: fields.valid_for_seconds,
    callbackUrl: fields.callback_url,
  };
  return valid({ templateId: fields.template_id, message, areaId: fields.area_id });
}

function purpose(value: JsonValue) {
  const read = readPurpose(value);
  return read === undefined ? wrong("must be the purpose of a consent, such as marketing") : fits(read);
}
