/** The bodies of the requests that begin a verification and check its code. */
import type { EmailAddress } from "../../../core/email/parse-email-address.ts";
import type { JsonValue } from "../../../core/json/json-value.ts";
import { type Personalisation, toPersonalisation } from "../../../core/json/personalisation.ts";
import type { PhoneNumber } from "../../../core/phone/parse-phone-number.ts";
import { normaliseKey } from "../../../core/template/personalisation.ts";
import {
  ATTEMPTS,
  CODE_LENGTH,
  CODE_LIFE_SECONDS,
  type CodeCharacters,
  FALLBACK_AFTER_SECONDS,
} from "../../../core/verification/code.ts";
import { type Checked, checkObject, invalid, optional, required, schema, valid } from "./checker.ts";
import { emailAddress, object, oneOf, phoneNumber, reference, storableText, uuid, wholeNumber } from "./rules.ts";
import { emptyIfFalsy } from "./send-requests.ts";

export interface VerificationRequest {
  phoneNumber: PhoneNumber | undefined;
  emailAddress: EmailAddress | undefined;
  smsTemplateId: string | undefined;
  emailTemplateId: string | undefined;
  smsSenderId: string | undefined;
  emailReplyToId: string | undefined;
  personalisation: Personalisation["values"];
  reference: string | undefined;
  codeLength: number;
  codeCharacters: CodeCharacters;
  lifeSeconds: number;
  attemptsMax: number;
  fallbackAfterSeconds: number | undefined;
}

const verificationSchema = schema({
  reference: optional(reference),
  phone_number: optional(phoneNumber),
  email_address: optional(emailAddress),
  sms_template_id: optional(uuid),
  email_template_id: optional(uuid),
  personalisation: optional(object),
  sms_sender_id: optional(uuid),
  email_reply_to_id: optional(uuid),
  code_length: optional(wholeNumber(CODE_LENGTH)),
  code_characters: optional(oneOf(["digits", "letters"])),
  valid_for_seconds: optional(wholeNumber(CODE_LIFE_SECONDS)),
  max_attempts: optional(wholeNumber(ATTEMPTS)),
  fallback_after_seconds: optional(wholeNumber({ min: FALLBACK_AFTER_SECONDS.min, max: CODE_LIFE_SECONDS.max })),
});

const checkSchema = schema({ code: required(storableText) });

/** POST /v2/verifications: by text, by email, or by text with an email after it. */
export function checkVerificationRequest(body: JsonValue): Checked<VerificationRequest> {
  const checked = checkObject(emptyIfFalsy(body), verificationSchema);
  if (checked.kind === "invalid") return checked;
  const fields = checked.value;
  const personalisation = toPersonalisation(fields.personalisation ?? {});
  const request = {
    phoneNumber: fields.phone_number,
    emailAddress: fields.email_address,
    smsTemplateId: fields.sms_template_id,
    emailTemplateId: fields.email_template_id,
    smsSenderId: fields.sms_sender_id,
    emailReplyToId: fields.email_reply_to_id,
    personalisation: personalisation.values,
    reference: fields.reference,
    codeLength: fields.code_length ?? CODE_LENGTH.default,
    codeCharacters: fields.code_characters ?? "digits",
    lifeSeconds: fields.valid_for_seconds ?? CODE_LIFE_SECONDS.default,
    attemptsMax: fields.max_attempts ?? ATTEMPTS.default,
    fallbackAfterSeconds: fallbackAfter(fields),
  } as const;
  const problems = problemsOf(request, { fallbackGiven: fields.fallback_after_seconds, personalisation });
  return problems.length > 0 ? invalid(problems) : valid(request);
}

/** Who gives both a number and an address has the one after the other. */
function fallbackAfter(fields: {
  phone_number: unknown;
  email_address: unknown;
  fallback_after_seconds: number | undefined;
  valid_for_seconds: number | undefined;
}): number | undefined {
  if (fields.phone_number === undefined || fields.email_address === undefined) return undefined;
  const life = fields.valid_for_seconds ?? CODE_LIFE_SECONDS.default;
  return fields.fallback_after_seconds ?? Math.min(FALLBACK_AFTER_SECONDS.default, Math.floor(life / 2));
}

function problemsOf(
  { phoneNumber, emailAddress, lifeSeconds }: VerificationRequest,
  given: { fallbackGiven: number | undefined; personalisation: Personalisation },
): string[] {
  const { fallbackGiven, personalisation } = given;
  const hasBoth = phoneNumber !== undefined && emailAddress !== undefined;
  const names = Object.keys(personalisation.values);
  return [
    ...(phoneNumber === undefined && emailAddress === undefined
      ? ["phone_number or email_address is a required property"]
      : []),
    ...(fallbackGiven !== undefined && !hasBoth
      ? ["fallback_after_seconds is only for a phone_number with an email_address"]
      : []),
    ...(fallbackGiven !== undefined && fallbackGiven >= lifeSeconds
      ? ["fallback_after_seconds must be less than valid_for_seconds"]
      : []),
    ...(names.some((name) => normaliseKey(name) === "code")
      ? ["personalisation cannot have a code: it is made here"]
      : []),
    ...(personalisation.files.length > 0 ? ["personalisation cannot have files"] : []),
  ];
}

/** POST /v2/verifications/{id}/check. */
export function checkCodeRequest(body: JsonValue): Checked<{ code: string }> {
  return checkObject(emptyIfFalsy(body), checkSchema);
}
