/** `/services/:sid/send/upload-letter/:uid`: an uploaded letter that can be printed, as it will be, what it costs, and the button that sends it. */
import type { PostalAddress } from "../../../core/address/postal-address.ts";
import { DEFAULT_POSTAGE, HOME_POSTAGES, type Postage, postageFor } from "../../../core/letter/postage.ts";
import { letterRateOn } from "../../../core/price/letter-rates.ts";
import {
  addressOf,
  deleteUpload,
  type LetterUpload,
  readUpload,
  readUploadedPdf,
  sendUpload,
} from "../../../flow/sending/letter-upload.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { errorPage } from "../http/error-pages.ts";
import { type Form, formOf, InvalidFields, readFields, submit, type Values } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { pagesFrame, pdfAnswer, sizeInWords } from "../letters/letter-frame.ts";
import { messagePath } from "./send-form.ts";
import type { CheckedLetter } from "./send-letter.ts";
import { canSendLetters, inOurWords, senderOf, sendPath } from "./sending.ts";
import { uploadPath } from "./upload-letter.ts";

const UPLOAD = "/services/:sid/send/upload-letter/:uid";
const WHO = { permission: "send_messages" } as const;
const FIELDS = ["send", "postage"] as const;
type Field = (typeof FIELDS)[number];

interface CheckPage {
  form: Form<Field>;
  fileName: string;
  letter: CheckedLetter;
  /** To choose from; none for a letter abroad, which is posted as its address says. */
  postages: readonly { value: string; text: string; hint: { text: string } }[];
  /** In trial mode it can only be looked at. */
  canSend: boolean;
  kept: string;
  action: string;
  deleteUrl: string;
  backUrl: string;
}

const showCheck = page<CheckPage>("send/check-upload.njk");

export const checkUploadRoutes: readonly Route[] = [
  route({ method: "GET", url: UPLOAD, who: WHO, handler: checkUpload }),
  route({ method: "POST", url: UPLOAD, who: WHO, handler: confirmUpload }),
  route({ method: "GET", url: `${UPLOAD}/pages`, who: WHO, handler: showUploadedPages }),
  route({ method: "GET", url: `${UPLOAD}/letter.pdf`, who: WHO, handler: downloadUpload }),
  route({ method: "POST", url: `${UPLOAD}/deletion`, who: WHO, handler: forgetUpload }),
];

async function checkUpload(visit: ServiceVisit): Promise<Answer> {
  const upload = await readUpload(visit.app, visit.service, idIn(visit, "uid"));
  return showWith(visit, upload, formOf({ send: "", postage: DEFAULT_POSTAGE }));
}

/** What has been sent is shown as the message it is. */
async function showWith(visit: ServiceVisit, upload: LetterUpload, form: Form<Field>): Promise<Answer> {
  const { service, text, formats } = visit;
  if (upload.notificationId !== undefined) return redirect(messagePath(service, upload.notificationId));
  if (!service.permissions.has("letter")) return errorPage(visit, "forbidden");
  const address = addressOf(service, upload);
  const path = uploadPath(service.id, upload.id);
  const home = await visit.app.prices.home();
  const priceOf: PriceOf = (postage) =>
    formats.money(letterRateOn(visit.now, { postage, sheets: upload.sheets }, home));
  return showCheck(visit, {
    ...{ form, fileName: upload.fileName, letter: checkedLetter(visit, upload, { address, priceOf }) },
    postages: address.zone === "united-kingdom" ? postagesFor(visit, priceOf) : [],
    canSend: canSendLetters(visit),
    kept: text("send.upload.kept", { day: formats.date(upload.keptUntil) }),
    ...{ action: path, deleteUrl: `${path}/deletion`, backUrl: sendPath(service.id, "upload-letter") },
  });
}

type PriceOf = (postage: Postage) => string;

function checkedLetter(
  { service, text }: ServiceVisit,
  upload: LetterUpload,
  { address: { lines, zone }, priceOf }: { address: PostalAddress; priceOf: PriceOf },
): CheckedLetter {
  const path = uploadPath(service.id, upload.id);
  const postage = postageFor(zone, DEFAULT_POSTAGE);
  const isChosen = zone === "united-kingdom";
  const posted = { key: text("message.letter.postage"), text: text(`letter.postage.${postage}`) };
  return {
    rows: [
      { key: text("send.upload.address"), text: lines.join(", ") },
      ...(isChosen ? [] : [posted]),
      { key: text("message.letter.size"), text: sizeInWords(text, upload) },
    ],
    cost: isChosen ? "" : text("send.check.letter", { price: priceOf(postage) }),
    ...{ src: `${path}/pages`, pdf: `${path}/letter.pdf`, why: "" },
  };
}

function postagesFor({ text }: ServiceVisit, priceOf: PriceOf): CheckPage["postages"] {
  return HOME_POSTAGES.map((value) => {
    return { value, text: text(`letter.postage.${value}`), hint: { text: priceOf(value) } };
  });
}

/** Sends once, however often it is asked to. */
async function confirmUpload(visit: ServiceVisit): Promise<Answer> {
  const upload = await readUpload(visit.app, visit.service, idIn(visit, "uid"));
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "send",
    act: () => send(visit, upload, values),
    showAgain: (form) => showWith(visit, upload, form),
  });
}

async function send(visit: ServiceVisit, upload: LetterUpload, values: Values<Field>): Promise<Answer> {
  const { app, service, text } = visit;
  const chosen = HOME_POSTAGES.find((one) => one === values.postage);
  const isAbroad = addressOf(service, upload).zone !== "united-kingdom";
  if (chosen === undefined && !isAbroad) throw new InvalidFields({ postage: text("send.upload.choosePostage") });
  if (service.isTrial) throw new InvalidFields({ send: text("send.blocked.trial") });
  try {
    const sending = { service, uploadId: upload.id, postage: chosen ?? DEFAULT_POSTAGE };
    const id = await sendUpload(app, senderOf(visit), sending);
    return redirect(messagePath(service, id), { flash: text("send.sent.letter") });
  } catch (error) {
    throw inOurWords(error, { text, channel: "letter" });
  }
}

async function showUploadedPages(visit: ServiceVisit): Promise<Answer> {
  const { upload, pdf } = await readPdf(visit);
  return pagesFrame(visit, { pdf, pages: upload.pages }, { said: [] });
}

async function downloadUpload(visit: ServiceVisit): Promise<Answer> {
  const { pdf } = await readPdf(visit);
  return pdfAnswer(pdf, "letter");
}

async function readPdf(visit: ServiceVisit): Promise<{ upload: LetterUpload; pdf: Buffer }> {
  const { app, service } = visit;
  const id = idIn(visit, "uid");
  const upload = await readUpload(app, service, id);
  return { upload, pdf: await readUploadedPdf(app, service, id) };
}

async function forgetUpload(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  await deleteUpload(app, senderOf(visit), { service, uploadId: idIn(visit, "uid") });
  return redirect(sendPath(service.id, "upload-letter"), { flash: text("send.upload.deleted") });
}
