/** Emails: a subject and a body in markdown. */
import { placeholderNames } from "../template/placeholders.ts";
import { renderEmailBody, renderSubject } from "../template/render-email.ts";
import { type ChannelRules, hasComeOutEmpty, type TemplateText } from "./channel.ts";

const BODY_MAX_BYTES = 2_000_000;
const BYTES_PER_UTF16_UNIT_MAX = 3;
const encoder = new TextEncoder();

export const email: ChannelRules = {
  name: "email",
  plural: "emails",
  placeholderNames: namesIn,
  requiredNames: namesIn,
  render: (text, personalisation) => ({
    subject: text.subject && renderSubject(text.subject, personalisation),
    body: renderEmailBody(text.body, personalisation),
  }),
  isEmpty: hasComeOutEmpty,
  tooLong: (content) => {
    if (content.body.length * BYTES_PER_UTF16_UNIT_MAX <= BODY_MAX_BYTES) return undefined;
    const { length } = encoder.encode(content.body);
    if (length <= BODY_MAX_BYTES) return undefined;
    const limit = `Emails cannot be longer than ${BODY_MAX_BYTES} bytes.`;
    return `Your message is too long. ${limit} Your message is ${length} bytes.`;
  },
  units: () => 0,
};

function namesIn({ subject, body }: TemplateText): string[] {
  return subject ? placeholderNames(subject, body) : placeholderNames(body);
}
