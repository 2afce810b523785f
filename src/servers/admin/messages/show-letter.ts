/** What the page of a message says of a letter, its pages in their frame, and its PDF. */
import { Refusal } from "../../../core/refusal.ts";
import { readLetterPdf } from "../../../flow/letters/read-letter-pdf.ts";
import type { LetterDetails } from "../../../flow/messages/read-letter.ts";
import { getMessage, type MessageDetails, readMessage } from "../../../flow/messages/read-message.ts";
import type { Text } from "../catalogue/text.ts";
import type { Answer } from "../http/answer.ts";
import { idIn } from "../http/ids.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { pagesFrame, pdfAnswer, sizeInWords } from "../letters/letter-frame.ts";

export interface ShownLetter {
  /** When it is printed and when it arrives, as long as that is to be expected. */
  said: readonly string[];
  reason: { title: string; detail: string; pages: string | undefined } | undefined;
  /** Where its pages are; undefined where they cannot be shown, and then why. */
  src: string | undefined;
  pdf: string;
  why: string;
}

export function shownLetter(visit: ServiceVisit, message: MessageDetails, letter: LetterDetails): ShownLetter {
  const path = `/services/${visit.service.id}/messages/${message.id}`;
  return {
    said: expectations(visit, message, letter),
    reason: letter.reason && reasonInWords(visit.text, letter.reason),
    src: mayShowPages(message, letter) ? `${path}/pages` : undefined,
    pdf: `${path}/letter.pdf`,
    why: visit.text(whyNot(message)),
  };
}

function expectations({ text, formats }: ServiceVisit, { status, keyKind }: MessageDetails, letter: LetterDetails) {
  const { cancellable, delivery } = letter;
  const isOnItsWay = keyKind !== "test" && ["created", "sending", "delivered"].includes(status);
  return [
    ...(cancellable
      ? [
          text(`message.letter.${cancellable.isHeld ? "cancellableHeld" : "cancellable"}`, {
            time: formats.exactTime(cancellable.until),
          }),
        ]
      : []),
    ...(isOnItsWay ? [text("message.letter.delivery", { day: formats.date(delivery.latest) })] : []),
  ];
}

function reasonInWords(text: Text, { code, pages }: NonNullable<LetterDetails["reason"]>): ShownLetter["reason"] {
  const told = { count: pages.length, pages: pages.join(", ") };
  return {
    title: text(`letterProblem.${code}.title`),
    detail: text(`letterProblem.${code}.detail`),
    pages: pages.length === 0 ? undefined : text("letterProblem.pages", told),
  };
}

/** What a template hides stands on its pages, too. */
function mayShowPages({ isPersonalisationHidden }: MessageDetails, { hasPdf, isPrecompiled }: LetterDetails): boolean {
  return hasPdf && (isPrecompiled || !isPersonalisationHidden);
}

function whyNot({ isPersonalisationHidden, status }: MessageDetails) {
  if (isPersonalisationHidden) return "message.letter.hidden";
  return status === "created" || status === "sending" ? "message.letter.notMade" : "message.letter.gone";
}

/** Who gets it, how, and how large it is. */
export function letterRows(
  { text }: Pick<ServiceVisit, "text">,
  { addressLines, postage, pages, sheets, isPrecompiled }: LetterDetails,
  recipient: string,
): { key: string; text: string }[] {
  const lines = addressLines.length > 0 ? addressLines.join(", ") : recipient;
  const to = lines === "" && isPrecompiled ? text("message.letter.noAddress") : lines;
  const size =
    pages === undefined || sheets === undefined
      ? []
      : [{ key: text("message.letter.size"), text: sizeInWords(text, { pages, sheets }) }];
  return [
    { key: text("message.row.to"), text: to },
    { key: text("message.letter.postage"), text: text(`letter.postage.${postage}`) },
    ...size,
  ];
}

export async function showPages(visit: ServiceVisit): Promise<Answer> {
  const { letter, pdf } = await readPdf(visit);
  const marksInk = letter.reason?.code === "content-outside-printable-area";
  return pagesFrame(visit, { pdf, pages: letter.pages, marksInk }, { said: [] });
}

export async function downloadLetter(visit: ServiceVisit): Promise<Answer> {
  const { pdf, id } = await readPdf(visit);
  return pdfAnswer(pdf, `letter-${id}`);
}

async function readPdf(visit: ServiceVisit): Promise<{ id: string; letter: LetterDetails; pdf: Buffer }> {
  const { app, service } = visit;
  const message = await readMessage(app, service, idIn(visit, "nid"));
  const { id, letter } = message;
  if (!letter || !mayShowPages(message, letter)) throw new Refusal("not-found", "There are no pages to show");
  return { id, letter, pdf: await readLetterPdf(app, service, await getMessage(app, service.id, id)) };
}
