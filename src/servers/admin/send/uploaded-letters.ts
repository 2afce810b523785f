/**
 * `/services/:sid/uploaded-letters`: letters that people brought as PDFs: those that wait to be sent, then by the day on which they go to
 * the printer, the newest first, and what became of each.
 */
import { cutOffFor } from "../../../core/letter/print-timetable.ts";
import { type LetterUpload, listUploads } from "../../../flow/sending/letter-upload.ts";
import { getPrintTimetable } from "../../../records/deployment/print-settings.ts";
import { listUploadedLetters, type UploadedLetter } from "../../../records/letters/uploaded-letter-store.ts";
import type { Answer } from "../http/answer.ts";
import { asId } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { sizeInWords } from "../letters/letter-frame.ts";
import { shownStatus } from "../messages/status-words.ts";
import { messagePath } from "./send-form.ts";
import { uploadLetterUrl, uploadPath } from "./upload-letter.ts";

const UPLOADED = "/services/:sid/uploaded-letters";
const LETTERS_PER_PAGE = 50;

interface UploadedPage {
  unsent: readonly ShownUpload[];
  printDays: readonly PrintDay[];
  /** Undefined: these are the newest, or the oldest. */
  newestUrl: string | undefined;
  olderUrl: string | undefined;
  uploadUrl: string | undefined;
}

interface ShownUpload {
  fileName: string;
  href: string;
  size: string | undefined;
  by: string;
  at: Date;
}

interface ShownLetter extends ShownUpload {
  status: string;
}

interface PrintDay {
  day: Date;
  letters: ShownLetter[];
}

const showUploaded = page<UploadedPage>("send/uploaded-letters.njk");

export const uploadedLetterRoutes: readonly Route[] = [
  route({ method: "GET", url: UPLOADED, who: "member", handler: openUploaded }),
];

export function uploadedLettersUrl({ service }: Pick<ServiceVisit, "service">): string {
  return `/services/${service.id}/uploaded-letters`;
}

async function openUploaded(visit: ServiceVisit): Promise<Answer> {
  const { app, service, query, may } = visit;
  const olderThan = asId(query.get("older-than"));
  const found = await listUploadedLetters(app.db, service.id, { olderThan, limit: LETTERS_PER_PAGE + 1 });
  const letters = found.slice(0, LETTERS_PER_PAGE);
  const url = uploadedLettersUrl(visit);
  const showsUnsent = olderThan === undefined && may("send_messages");
  return showUploaded(visit, {
    unsent: showsUnsent ? (await listUploads(app, service)).map((upload) => shownUpload(visit, upload)) : [],
    printDays: await byPrintDay(visit, letters),
    newestUrl: olderThan === undefined ? undefined : url,
    olderUrl: found.length > letters.length ? `${url}?older-than=${letters.at(-1)?.id}` : undefined,
    uploadUrl: may("send_messages") ? uploadLetterUrl(visit) : undefined,
  });
}

function shownUpload({ text, service }: ServiceVisit, upload: LetterUpload): ShownUpload {
  const { id, fileName, uploadedByName: by, uploadedAt: at } = upload;
  return { fileName, href: uploadPath(service.id, id), size: sizeInWords(text, upload), by, at };
}

/** What was sent after a day's cut-off goes with the next day's. */
async function byPrintDay(visit: ServiceVisit, letters: readonly UploadedLetter[]): Promise<PrintDay[]> {
  const timetable = await getPrintTimetable(visit.app.db);
  const days: PrintDay[] = [];
  for (const letter of letters) {
    const day = cutOffFor(timetable, letter.createdAt) ?? letter.createdAt;
    const last = days.at(-1);
    if (last?.day.getTime() === day.getTime()) last.letters.push(shown(visit, letter));
    else days.push({ day, letters: [shown(visit, letter)] });
  }
  return days;
}

function shown(visit: ServiceVisit, letter: UploadedLetter): ShownLetter {
  const { text, service } = visit;
  const { id, pages, sheets } = letter;
  return {
    fileName: letter.fileName,
    href: messagePath(service, id),
    status: shownStatus({ channel: "letter", status: letter.status }, visit).words,
    size: pages === undefined || sheets === undefined ? undefined : sizeInWords(text, { pages, sheets }),
    by: letter.createdByName ?? "",
    at: letter.createdAt,
  };
}
