/** What a list of messages can be narrowed to, as its form offers it. */
import { listVisibleTemplates } from "../../../flow/templates/folders.ts";
import type { ServiceVisit } from "../http/visit.ts";

interface Option {
  value: string;
  text: string;
}

export interface MessageOptions {
  channels: readonly Option[];
  templates: readonly Option[];
  keys: readonly Option[];
  /** Of texts. */
  senders: readonly Option[];
  tests: readonly Option[];
}

/** The first of each is all of them. */
export async function messageOptions({ app, service, visitor, text }: ServiceVisit): Promise<MessageOptions> {
  const templates = await listVisibleTemplates(app, { serviceId: service.id, userId: visitor.userId });
  return {
    channels: [
      { value: "", text: text("messages.channel.all") },
      { value: "sms", text: text("messages.channel.sms") },
      { value: "email", text: text("messages.channel.email") },
      { value: "letter", text: text("messages.channel.letter") },
      { value: "chat", text: text("messages.channel.chat") },
    ],
    templates: [
      { value: "", text: text("messages.template.all") },
      ...templates.map(({ id, name }) => ({ value: id, text: name })),
    ],
    keys: [
      { value: "", text: text("messages.key.all") },
      ...service.keys.map(({ id, name }) => ({ value: id, text: name })),
    ],
    senders: [
      { value: "", text: text("messages.sender.all") },
      ...service.textSenders.map(({ id, sender }) => ({ value: id, text: sender })),
    ],
    tests: [
      { value: "", text: text("messages.test.without") },
      { value: "with", text: text("messages.test.with") },
      { value: "only", text: text("messages.test.only") },
    ],
  };
}
