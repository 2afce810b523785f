/** A template or a version of it as it is shown to be read: on a phone, or in a frame of its own as an email or a letter. */
import { DEFAULT_POSTAGE, HOME_POSTAGES, type HomePostage } from "../../../core/letter/postage.ts";
import { Refusal } from "../../../core/refusal.ts";
import type { BrandHeader } from "../../../core/template/email-document.ts";
import type { HighlightedPiece } from "../../../core/template/highlight-placeholders.ts";
import { fromAddressOf } from "../../../flow/intake/sender.ts";
import { enclosuresOf } from "../../../flow/letters/letter-attachments.ts";
import type { LetterToPreview } from "../../../flow/letters/preview-letter.ts";
import { findBrandInUse } from "../../../records/brands/service-brand-store.ts";
import { type Channel, defaultTextSender } from "../../../records/services/service.ts";
import { headerOf } from "../branding/brand-frame.ts";
import type { Answer } from "../http/answer.ts";
import { frameAnswer } from "../http/frame-answer.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { pdfAnswer, previewFrame } from "../letters/letter-frame.ts";
import type { Wording } from "./difference.ts";
import { type ViewChoice, viewChoices, viewIn } from "./email-frame.ts";
import { type Example, personalisationOf } from "./preview/examples.ts";
import { previewChat } from "./preview/preview-chat.ts";
import { previewEmail } from "./preview/preview-email.ts";
import { previewText } from "./preview/preview-text.ts";
import { homePrice } from "./text-prices.ts";

interface Words extends Omit<Wording, "name"> {
  channel: Channel;
}

export interface Shown {
  /** A text, and what it costs; also a chat message, whose price is its app's. */
  sms: { pieces: readonly HighlightedPiece[]; sender: string; cost: string | undefined } | undefined;
  email: { src: string; views: readonly ViewChoice[] } | undefined;
  letter: { src: string; pdf: string; contactLines: readonly string[]; postage: string } | undefined;
}

/** `path` is that of the page, with the frame's document below it. */
export async function shownAs(visit: ServiceVisit, words: Words, path: string): Promise<Shown> {
  const nothing = { sms: undefined, email: undefined, letter: undefined };
  if (words.channel === "sms") return { ...nothing, sms: await textOf(visit, words) };
  if (words.channel === "chat") return { ...nothing, sms: chatOf(visit, words) };
  if (words.channel === "letter") return { ...nothing, letter: letterOf(visit, words, path) };
  const src = `${path}/preview?as=${viewIn(visit.query.get("as"))}`;
  return { ...nothing, email: { src, views: viewChoices(visit, path) } };
}

function letterOf({ text }: ServiceVisit, words: Words, path: string): Shown["letter"] {
  return {
    src: `${path}/preview`,
    pdf: `${path}/letter.pdf`,
    contactLines: words.contactBlock?.split("\n") ?? [],
    postage: text(`letter.postage.${homePostage(words.postage)}`),
  };
}

function homePostage(postage: string | undefined): HomePostage {
  return HOME_POSTAGES.find((one) => one === postage) ?? DEFAULT_POSTAGE;
}

function chatOf({ service }: ServiceVisit, { body }: Words): Shown["sms"] {
  return { pieces: previewChat(body, []), sender: service.name, cost: undefined };
}

async function textOf(visit: ServiceVisit, { body }: Words): Promise<Shown["sms"]> {
  const { service, text } = visit;
  const { pieces, calculation } = previewText(body, [], service);
  const count = calculation.fragments;
  return {
    pieces,
    sender: defaultTextSender(service) ?? text("layout.product"),
    cost: text("templates.show.cost", { count, price: await homePrice(visit, count) }),
  };
}

/** A template in its frame: an email in the way that is asked for, or the pages of a letter. */
export async function frameOf(
  visit: ServiceVisit,
  words: Words,
  asked: { as: string; examples: readonly Example[] },
): Promise<Answer> {
  if (words.channel !== "letter") return emailFrame(visit, words, asked);
  return previewFrame(visit, await letterToPreview(visit, words, asked.examples), homePostage(words.postage));
}

/** The letter of a template as a PDF, which is tagged: its pictures say nothing to those who do not see them. */
export async function templatePdf(visit: ServiceVisit, words: Words): Promise<Answer> {
  if (words.channel !== "letter") throw new Refusal("not-found", "It is no letter");
  const { pdf } = await visit.admin.letters.set(await letterToPreview(visit, words, []));
  return pdfAnswer(pdf, "letter-template");
}

async function letterToPreview(
  { app, service }: ServiceVisit,
  words: Words,
  examples: readonly Example[],
): Promise<LetterToPreview> {
  const { subject, body, welshSubject, welshBody } = words;
  return {
    words: { subject, body, contactBlock: words.contactBlock || undefined, welshSubject, welshBody },
    personalisation: personalisationOf(examples),
    ...(await enclosuresOf(app, service, words)),
  };
}

/** An email as its recipients will see it. */
async function emailFrame(
  visit: ServiceVisit,
  words: Pick<Words, "subject" | "body" | "hasUnsubscribeLink">,
  { as, examples }: { as: string; examples: readonly Example[] },
): Promise<Answer> {
  const { subject = "", body, hasUnsubscribeLink } = words;
  const brand = await emailBrandOf(visit);
  const email = { subject, body, hasUnsubscribeLink, examples, sender: emailSenderOf(visit), brand };
  return frameAnswer(previewEmail(email, viewIn(as)), { hasLogo: brand !== undefined });
}

/** What stands above emails of the service, its picture by its address here. */
export async function emailBrandOf({ app, service }: ServiceVisit): Promise<BrandHeader | undefined> {
  const brand = await findBrandInUse(app.db, { serviceId: service.id, channel: "email" });
  return brand && headerOf(brand, `/services/${service.id}/email-logo`);
}

export function emailSenderOf({ app, service }: ServiceVisit): { name: string; address: string } {
  return { name: service.name, address: fromAddressOf(app, service) };
}
