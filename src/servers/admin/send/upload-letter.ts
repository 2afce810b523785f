/** `/services/:sid/send/upload-letter`: a letter that somebody brings as a PDF. */
import { DEFAULT_POSTAGE, HOME_POSTAGES } from "../../../core/letter/postage.ts";
import { Refusal } from "../../../core/refusal.ts";
import { sendUploadedLetter } from "../../../flow/sending/uploaded-letter.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { errorPage } from "../http/error-pages.ts";
import { type Form, formOf, InvalidFields, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { messagePath } from "./send-form.ts";
import { inOurWords, sendPath } from "./sending.ts";

type Field = "pdf" | "postage";

interface UploadPage {
  form: Form<Field>;
  postages: readonly { value: string; text: string }[];
  action: string;
  backUrl: string;
}

const showUpload = page<UploadPage>("send/upload-letter.njk");

/** Where letters are brought; undefined for services that send none. */
export function uploadLetterUrl({ service }: ServiceVisit): string | undefined {
  return service.permissions.has("letter") && !service.isTrial ? sendPath(service.id, "upload-letter") : undefined;
}

export function askForLetter(visit: ServiceVisit): Answer {
  return show(visit, formOf({ pdf: "", postage: DEFAULT_POSTAGE }));
}

function show(visit: ServiceVisit, form: Form<Field>): Answer {
  const { service, text } = visit;
  if (!service.permissions.has("letter")) return errorPage(visit, "forbidden");
  const postages = HOME_POSTAGES.map((value) => ({ value, text: text(`letter.postage.${value}`) }));
  const action = sendPath(service.id, "upload-letter");
  return showUpload(visit, { form, postages, action, backUrl: sendPath(service.id) });
}

export async function takeLetter(visit: ServiceVisit): Promise<Answer> {
  const { postage } = readFields(visit, ["postage"]);
  return submit<Field>({
    values: { pdf: "", postage },
    refusedAt: "pdf",
    act: () => take(visit, postage),
    showAgain: (form) => show(visit, form),
  });
}

async function take(visit: ServiceVisit, chosen: string): Promise<Answer> {
  const { app, service, visitor, ipAddress: ip, text, files } = visit;
  const file = files.get("pdf");
  if (!file) throw new InvalidFields({ pdf: text("send.upload.choose") });
  if (file.isTooLarge) throw new InvalidFields({ pdf: text("send.upload.tooLarge") });
  const postage = HOME_POSTAGES.find((one) => one === chosen) ?? DEFAULT_POSTAGE;
  const person = { userId: visitor.userId, ip, name: visitor.name };
  try {
    const letter = { service, fileName: file.fileName, pdf: file.bytes, postage };
    const id = await sendUploadedLetter(app, person, letter);
    return redirect(messagePath(service, id), { flash: text("send.upload.taken") });
  } catch (error) {
    if (error instanceof Refusal && error.kind === "unavailable")
      throw new InvalidFields({ pdf: text("send.upload.noScanner") });
    if (error instanceof Refusal && error.kind === "forbidden")
      throw new InvalidFields({ pdf: text("send.blocked.trial") });
    throw inOurWords(error, { text, channel: "letter" });
  }
}
