/** Texts: counted in fragments, and prefixed with the service's name where it wishes. */
import { measureText } from "../sms/fragments.ts";
import { SMS_CHARACTER_LIMIT, withPrefix } from "../sms/text-mode.ts";
import { placeholderNames } from "../template/placeholders.ts";
import { renderSmsBody } from "../template/render-sms.ts";
import type { ChannelRules, HouseStyle } from "./channel.ts";

export const sms: ChannelRules = {
  name: "sms",
  plural: "text messages",
  placeholderNames: (text) => placeholderNames(text.body),
  requiredNames: (text) => placeholderNames(text.body),
  render: (text, personalisation, style) => ({
    subject: undefined,
    body: renderSmsBody(text.body, personalisation, style.textMode),
  }),
  isEmpty: (_, content) => content.body === "",
  tooLong: (content) => {
    const { length } = content.body;
    if (length <= SMS_CHARACTER_LIMIT) return undefined;
    const limit = `Text messages cannot be longer than ${SMS_CHARACTER_LIMIT} characters.`;
    return `Your message is too long. ${limit} Your message is ${length} characters long.`;
  },
  units: (content, style) => measureText(textAsSent(content.body, style), style.textMode).fragments,
};

/** The text as the recipient's phone shows it. */
export function textAsSent(body: string, style: HouseStyle): string {
  return style.prefixesTexts ? withPrefix(body, style.name, style.textMode) : body;
}
