/**
 * Decides on a request to send a letter: everything that can be known before it is set on paper, in the order of Notify's API. Nothing
 * is kept here.
 */
import { addressProblemMessage } from "../../core/address/address-problem.ts";
import { type PostalAddress, parsePostalAddress } from "../../core/address/postal-address.ts";
import { channels } from "../../core/channels/channels.ts";
import { base64Data } from "../../core/letter/base64-data.ts";
import { DEFAULT_POSTAGE, HOME_POSTAGES, type Postage, postageFor } from "../../core/letter/postage.ts";
import { findTooLongQrPayload, QR_PAYLOAD_MAX_BYTES } from "../../core/letter/qr-payload.ts";
import { Refusal } from "../../core/refusal.ts";
import { renderLetterBlocks } from "../../core/template/render-letter.ts";
import { mayUse } from "../../records/services/service.ts";
import type { TemplateVersion } from "../../records/templates/template.ts";
import type { App } from "../app.ts";
import { houseStyleOf, type RenderedTemplate, renderTemplate, templateText } from "../rendering.ts";
import { judgeLetter } from "./content.ts";
import { refuseIfMayNotSend, refuseIfNoLetters } from "./permissions.ts";
import type { HoldReason } from "./release.ts";
import type { SendRequest } from "./send-request.ts";
import { getSendableTemplate, refuseIfFiles, refuseIfIncomplete } from "./sendable-template.ts";

type Sender = Pick<SendRequest, "service" | "key">;

/** A letter from a template. */
export interface LetterRequest extends Sender, Pick<SendRequest, "templateId" | "personalisation"> {
  /** Names of values that were sent as files, which no letter carries. */
  fileNames: readonly string[];
  /** The lines of its address as they were given: see `addressText`. */
  addressText: string;
}

export interface DecidedLetter {
  rendered: RenderedTemplate;
  /** It breaks a rule: two people are to look at it before it is printed. */
  hold: HoldReason | undefined;
  address: PostalAddress;
  postage: Postage;
}

/** Throws a `Refusal` where the letter cannot be sent. */
export async function decideLetter(app: Pick<App, "templates">, request: LetterRequest): Promise<DecidedLetter> {
  const { service, templateId, personalisation } = request;
  refuseIfMayNotSend(service, "letter");
  const template = await getSendableTemplate(app.templates, { service, templateId, channel: "letter" });
  refuseUnreadableQrCodes(template, personalisation);
  const rendered = renderTemplate(template, personalisation, houseStyleOf(service));
  refuseIfIncomplete(rendered, personalisation);
  refuseIfFiles(request.fileNames);
  refuseIfNoLetters(request);
  const address = getAddress(request);
  const hold = judgeLetter(service, wordsOnPaper(rendered, request));
  return { rendered, hold, address, postage: postageFor(address.zone, chosenPostage(template)) };
}

/** In both its languages, where it has two. */
function wordsOnPaper({ template, content }: RenderedTemplate, { service, personalisation }: LetterRequest) {
  const text = templateText(template);
  if (!text.welsh) return content;
  const welsh = channels.letter.render({ ...text, ...text.welsh }, personalisation, houseStyleOf(service));
  return { subject: content.subject, body: [welsh.subject, welsh.body, content.body].join("\n") };
}

/** A phone could not read more from paper. */
function refuseUnreadableQrCodes(template: TemplateVersion, personalisation: LetterRequest["personalisation"]): void {
  const { body, welsh } = templateText(template);
  for (const words of welsh ? [welsh.body, body] : [body]) {
    const tooLong = findTooLongQrPayload({ blocks: renderLetterBlocks(words, personalisation) });
    if (!tooLong) continue;
    const details = { data: tooLong.data, num_bytes: tooLong.bytes, max_bytes: QR_PAYLOAD_MAX_BYTES };
    throw new Refusal("invalid", "Cannot create a usable QR code - the link is too long", { details });
  }
}

function getAddress({ service, addressText }: LetterRequest): PostalAddress {
  const address = parsePostalAddress(addressText, { international: mayUse(service, "international_letters") });
  if (typeof address === "string") throw new Refusal("invalid", addressProblemMessage(address));
  return address;
}

function chosenPostage({ postage }: TemplateVersion) {
  return HOME_POSTAGES.find((candidate) => candidate === postage) ?? DEFAULT_POSTAGE;
}

/** A letter that comes as a PDF. */
export interface SuppliedLetterRequest extends Sender {
  /** The PDF in base64. */
  content: string;
}

/** Whether it may be sent, and the bytes that are to be scanned and checked. */
export function decideSuppliedLetter(request: SuppliedLetterRequest): Buffer {
  refuseIfMayNotSend(request.service, "letter");
  refuseIfNoLetters(request);
  const data = base64Data(request.content);
  if (data === undefined) throw new Refusal("bad-request", "Cannot decode letter content (invalid base64 encoding)");
  return Buffer.from(data, "base64");
}
