/** Letters: a subject and a body in markdown, in one language or two, on paper with the sender's contact block. */
import { type ParsedTemplate, placeholderNames } from "../template/placeholders.ts";
import { renderEmailBody } from "../template/render-email.ts";
import { renderLetterSubject } from "../template/render-letter.ts";
import { type ChannelRules, hasComeOutEmpty, type TemplateText } from "./channel.ts";

export const letter: ChannelRules = {
  name: "letter",
  plural: "letters",
  placeholderNames: (text) =>
    namesIn(text.contactBlock, text.welsh?.subject, text.welsh?.body, text.subject, text.body),
  // As Notify has it: nobody is made to give what only the Welsh half asks for.
  requiredNames: ({ contactBlock, subject, body }: TemplateText) => namesIn(contactBlock, subject, body),
  render: ({ subject, body }, personalisation) => ({
    subject: subject && renderLetterSubject(subject, personalisation),
    body: renderEmailBody(body, personalisation),
  }),
  isEmpty: hasComeOutEmpty,
  // Pages and sheets are counted once the letter is set on paper.
  tooLong: () => undefined,
  units: () => 0,
};

function namesIn(...texts: ReadonlyArray<ParsedTemplate | undefined>): string[] {
  return placeholderNames(...texts.filter((text) => text !== undefined));
}
