/** `/services/:sid/uploaded-letters`: letters that people brought as PDFs, the newest first, and what became of each. */
import { listUploadedLetters, type UploadedLetter } from "../../../records/letters/uploaded-letter-store.ts";
import type { Answer } from "../http/answer.ts";
import { asId } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { sizeInWords } from "../letters/letter-frame.ts";
import { shownStatus } from "../messages/status-words.ts";
import { messagePath } from "./send-form.ts";
import { uploadLetterUrl } from "./upload-letter.ts";

const UPLOADED = "/services/:sid/uploaded-letters";
const LETTERS_PER_PAGE = 50;

interface UploadedPage {
  letters: readonly ShownLetter[];
  /** Undefined: these are the newest, or the oldest. */
  newestUrl: string | undefined;
  olderUrl: string | undefined;
  uploadUrl: string | undefined;
}

interface ShownLetter {
  fileName: string;
  href: string;
  status: string;
  size: string | undefined;
  by: string;
  at: Date;
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
  return showUploaded(visit, {
    letters: letters.map((letter) => shown(visit, letter)),
    newestUrl: olderThan === undefined ? undefined : url,
    olderUrl: found.length > letters.length ? `${url}?older-than=${letters.at(-1)?.id}` : undefined,
    uploadUrl: may("send_messages") ? uploadLetterUrl(visit) : undefined,
  });
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
