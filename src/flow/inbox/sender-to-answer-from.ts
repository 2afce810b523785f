/** Which of a service's text senders answers whoever wrote to one of its numbers. */
import { parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import type { Service } from "../../records/services/service.ts";

/** The id of the number itself, where texts may be sent from it; undefined for the default. */
export function senderToAnswerFrom({ textSenders }: Service, notifyNumber: string): string | undefined {
  return textSenders.find(({ sender }) => digitsOf(sender) === digitsOf(notifyNumber))?.id;
}

function digitsOf(number: string): string {
  const parsed = parsePhoneNumber(number);
  return typeof parsed === "string" ? number : parsed.digits;
}
