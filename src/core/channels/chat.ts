/** Chat messages: plain words with links, within what the recipient's app takes. */
import { type ChatApp, chatAppFacts } from "../chat/chat-app.ts";
import { tidySpaces } from "../sms/tidy-spaces.ts";
import { fillIn, placeholderNames } from "../template/placeholders.ts";
import type { ChannelRules } from "./channel.ts";

const encoder = new TextEncoder();

export const chat: ChannelRules = {
  name: "chat",
  plural: "chat messages",
  placeholderNames: (text) => placeholderNames(text.body),
  requiredNames: (text) => placeholderNames(text.body),
  render: (text, personalisation) => ({
    subject: undefined,
    body: tidySpaces(fillIn(text.body, personalisation, { lists: "sentence" }), (words) => words),
  }),
  isEmpty: (_, content) => content.body === "",
  tooLong: ({ body }, _, app) => (app === undefined ? undefined : tooLongIn(app, body)),
  units: () => 1,
};

function tooLongIn(app: ChatApp, body: string): string | undefined {
  const { name, charactersMax, bytesMax } = chatAppFacts(app);
  const { length } = bytesMax === undefined ? body : encoder.encode(body);
  const limit = bytesMax ?? charactersMax;
  if (length <= limit) return undefined;
  const unit = bytesMax === undefined ? "characters" : "bytes";
  return `Your message is too long. Messages by ${name} cannot be longer than ${limit} ${unit}. Your message is ${length} ${unit}.`;
}
