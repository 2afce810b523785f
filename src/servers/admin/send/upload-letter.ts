/** `/services/:sid/send/upload-letter`: a letter that somebody brings as a PDF. One that cannot be printed is shown with the reason. */
import { LETTER_PAGES_MAX } from "../../../core/letter/sheets.ts";
import { Refusal } from "../../../core/refusal.ts";
import { type Uploaded, uploadLetter } from "../../../flow/sending/letter-upload.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { errorPage } from "../http/error-pages.ts";
import { type Form, formOf, InvalidFields, submit } from "../http/form.ts";
import { withPictures } from "../http/frame-answer.ts";
import { page } from "../http/page.ts";
import type { UploadedFile } from "../http/uploads.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { drawnPages } from "../letters/letter-frame.ts";
import { senderOf, sendPath } from "./sending.ts";

const BAD_REQUEST = 400;

interface UploadPage {
  form: Form<"pdf">;
  /** Why a letter cannot be printed, and its pages, each with what is wrong on it marked. */
  refused: { title: string; detail: string; where: string | undefined; pictures: Pictures } | undefined;
  action: string;
  backUrl: string;
}

type Pictures = readonly { data: string; name: string }[];
type Refused = Extract<Uploaded, { kind: "refuse" }>;

const showUpload = page<UploadPage>("send/upload-letter.njk");

/** Where letters are brought; undefined for services without letters. In trial mode they can be looked at. */
export function uploadLetterUrl({ service }: ServiceVisit): string | undefined {
  return service.permissions.has("letter") ? sendPath(service.id, "upload-letter") : undefined;
}

export function uploadPath(serviceId: string, uploadId: string): string {
  return sendPath(serviceId, "upload-letter", uploadId);
}

export function askForLetter(visit: ServiceVisit): Answer {
  return show(visit, formOf({ pdf: "" }));
}

function show(visit: ServiceVisit, form: Form<"pdf">, refused?: UploadPage["refused"]): Answer {
  const { service } = visit;
  if (!service.permissions.has("letter")) return errorPage(visit, "forbidden");
  const action = sendPath(service.id, "upload-letter");
  return showUpload(visit, { form, refused, action, backUrl: sendPath(service.id) });
}

export async function takeLetter(visit: ServiceVisit): Promise<Answer> {
  if (!visit.service.permissions.has("letter")) return errorPage(visit, "forbidden");
  return submit({
    values: { pdf: "" },
    refusedAt: "pdf",
    act: () => take(visit, chosenFile(visit)),
    showAgain: (form) => show(visit, form),
  });
}

function chosenFile({ files, text }: ServiceVisit): UploadedFile {
  const file = files.get("pdf");
  if (!file) throw new InvalidFields({ pdf: text("send.upload.choose") });
  if (file.isTooLarge) throw new InvalidFields({ pdf: text("send.upload.tooLarge") });
  return file;
}

async function take(visit: ServiceVisit, { fileName, bytes: pdf }: UploadedFile): Promise<Answer> {
  const { app, admin, service, text } = visit;
  try {
    const uploaded = await uploadLetter({ ...app, letters: admin.letters }, senderOf(visit), {
      service,
      fileName,
      pdf,
    });
    if (uploaded.kind === "refuse") return await showRefused(visit, uploaded, pdf);
    return redirect(uploadPath(service.id, uploaded.id));
  } catch (error) {
    if (!(error instanceof Refusal) || error.kind !== "unavailable") throw error;
    throw new InvalidFields({ pdf: text("send.upload.unavailable") });
  }
}

/** What is refused is kept nowhere: its pages are shown in the answer itself. */
async function showRefused(visit: ServiceVisit, { problem, pages }: Refused, pdf: Buffer): Promise<Answer> {
  const { text } = visit;
  const title = text(`letterProblem.${problem}.title`);
  const where =
    pages.length === 0 ? undefined : text("letterProblem.pages", { count: pages.length, pages: pages.join(", ") });
  // Of what is too long or cannot be read, pictures would tell nothing. Margins are those of A4.
  const marksInk = problem !== "letter-not-a4-portrait-oriented";
  const pictures = pages.length === 0 ? [] : await drawnPages(visit, pdf, { pages: LETTER_PAGES_MAX, marksInk });
  const detail = text(`letterProblem.${problem}.detail`);
  const shown = show(visit, formOf({ pdf: "" }, { pdf: title }), { title, detail, where, pictures });
  return withPictures({ ...shown, status: BAD_REQUEST });
}
