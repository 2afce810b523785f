/** What a file may say of texts from the public: STOP, START and HELP, forwarding, and keywords of shared numbers. */
import { readKeyword } from "../../flow/replies/share-number.ts";
import { parseInboundNumber } from "../../records/inbound-numbers/inbound-number-store.ts";
import { parseUserEmail } from "../../records/users/user-store.ts";
import { flag, listOf, NONE, object, optional, orNone, parsed, text } from "./read.ts";

/** Words that are sent, or `none` for no answer. */
const answer = optional(orNone(text));
const words = optional(listOf(text));

export const REPLIES = object({
  on: optional(flag),
  ...{ stop_words: words, start_words: words, help_words: words },
  ...{ stop_answer: answer, start_answer: answer, help_answer: answer },
  forward_to: optional(listOf(parsed(parseUserEmail, "must be an email address"))),
});

export const INBOUND_KEYWORD = object({
  number: parsed(parseInboundNumber, "must be a number in full, in quotes"),
  keyword: parsed(readKeyword, "must be up to 20 letters and digits, and not STOP, START, HELP or the like"),
  service: text,
});

/** As settings keep it: empty for none. */
export function answerOf(declared: string | typeof NONE | undefined): string | undefined {
  return declared === NONE ? "" : declared;
}
