/** What a file may say of whom texts come from. */
import { listCountries } from "../../core/phone/international-rates.ts";
import { parseAnySender } from "../../core/senders/parse-text-sender.ts";
import { SENDER_TYPES } from "../../core/senders/sender-type.ts";
import { WORDS_MAX_CHARACTERS } from "../../flow/senders/application-form.ts";
import { POOL_NAME_MAX_CHARACTERS, POOL_SENDERS } from "../../flow/senders/sender-pools.ts";
import { SENDER_APPROVALS, type SenderApproval } from "../../records/deployment/sender-approval.ts";
import { flag, id, listOf, object, oneOf, optional, orNone, parsed, type Read, refuseAt, text } from "./read.ts";

const SENDER_SHAPE = "must be a name of 3 to 11 letters, digits, spaces, & . - _, or a number in quotes";

const sender = parsed((value) => {
  const known = parseAnySender(value);
  return typeof known === "string" || known.sender !== value ? undefined : value;
}, SENDER_SHAPE);

export const country = parsed(
  (value) => listCountries().find(({ prefix }) => prefix === value)?.prefix,
  'must be a country\'s calling code in quotes, such as "33"',
);

export const TEXT_SENDER = object({
  id: optional(id),
  sender,
  default: optional(flag),
  registered_in: optional(listOf(country)),
});

const poolSenders: Read<string[]> = (place) => {
  const senders = listOf(sender)(place);
  const { min, max } = POOL_SENDERS;
  return senders.length >= min && senders.length <= max
    ? senders
    : refuseAt(place, `must be ${min} to ${max} of the service's senders`);
};

export const SENDER_POOL = object({
  id: optional(id),
  name: parsed(
    (value) => (value.length <= POOL_NAME_MAX_CHARACTERS ? value : undefined),
    `must be ${POOL_NAME_MAX_CHARACTERS} characters or fewer`,
  ),
  senders: poolSenders,
  default: optional(flag),
  sticky: optional(flag),
});

export const SHARED_SENDER = object({
  organisation: text,
  sender,
  services: optional(listOf(text)),
  registered_in: optional(listOf(country)),
});

export const PROTECTED_NAME = object({
  name: text,
  covers_longer: optional(flag),
  organisations: optional(listOf(text)),
  services: optional(listOf(text)),
});

export const SENDER_RULE = object({
  country,
  types: optional(listOf(oneOf(SENDER_TYPES))),
  registered_only: optional(flag),
  signature: optional(flag),
  requirements: optional(
    orNone(
      parsed(
        (value) => (value.length <= WORDS_MAX_CHARACTERS ? value : undefined),
        `must be ${WORDS_MAX_CHARACTERS} characters or fewer`,
      ),
    ),
  ),
});

/** In words; a truth value, as files had it before there were three, is for names: numbers that may be anybody's wait with both. */
export const SENDER_APPROVAL: Read<SenderApproval> = (place) => {
  if (typeof place.value === "boolean") return place.value ? "all" : "unproven-numbers";
  return oneOf(SENDER_APPROVALS)(place);
};
