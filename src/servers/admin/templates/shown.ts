/** A template or a version of it as it is shown to be read: on a phone, or in a frame of its own as an email. */
import { priceOfText } from "../../../core/sms/calculate-text.ts";
import type { HighlightedPiece } from "../../../core/template/highlight-placeholders.ts";
import { fromAddressOf } from "../../../flow/intake/sender.ts";
import { defaultTextSender } from "../../../records/services/service.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { type ViewChoice, viewChoices, viewIn } from "./email-frame.ts";
import type { Example } from "./preview/examples.ts";
import { previewEmail } from "./preview/preview-email.ts";
import { previewText } from "./preview/preview-text.ts";

const HOME_MULTIPLIER = 1;

interface Words {
  channel: "sms" | "email";
  subject: string | undefined;
  body: string;
  hasUnsubscribeLink: boolean;
}

export interface Shown {
  sms: { pieces: readonly HighlightedPiece[]; sender: string; cost: string } | undefined;
  email: { src: string; views: readonly ViewChoice[] } | undefined;
}

/** `path` is that of the page, with the frame's document below it. */
export function shownAs(visit: ServiceVisit, words: Words, path: string): Shown {
  if (words.channel === "sms") return { sms: textOf(visit, words), email: undefined };
  const src = `${path}/preview?as=${viewIn(visit.query.get("as"))}`;
  return { sms: undefined, email: { src, views: viewChoices(visit, path) } };
}

function textOf(visit: ServiceVisit, { body }: Words): Shown["sms"] {
  const { service, text } = visit;
  const { pieces, calculation } = previewText(body, [], service);
  const count = calculation.fragments;
  return {
    pieces,
    sender: defaultTextSender(service) ?? text("layout.product"),
    cost: text("templates.show.cost", { count, price: homePrice(visit, count) }),
  };
}

/** What a text of so many fragments costs at home now, as money. */
export function homePrice({ formats, now }: Pick<ServiceVisit, "formats" | "now">, fragments: number): string {
  return formats.money(priceOfText(fragments, HOME_MULTIPLIER, now).pounds);
}

/** The document of an email for its frame, in the way that is asked for. */
export function emailDocument(
  visit: ServiceVisit,
  words: Words,
  asked: { as: string; examples: readonly Example[] },
): string {
  const { subject = "", body, hasUnsubscribeLink } = words;
  const email = { subject, body, hasUnsubscribeLink, examples: asked.examples, sender: emailSenderOf(visit) };
  return previewEmail(email, viewIn(asked.as));
}

export function emailSenderOf({ app, service }: ServiceVisit): { name: string; address: string } {
  return { name: service.name, address: fromAddressOf(app, service) };
}
