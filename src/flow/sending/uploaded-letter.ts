/** A letter that somebody brings as a PDF: taken as one through the API is, then scanned, checked and printed. */
import type { HomePostage } from "../../core/letter/postage.ts";
import type { Service } from "../../records/services/service.ts";
import { recordDeed } from "../actor.ts";
import { fieldRefusal } from "../form-refusal.ts";
import type { Intake } from "../intake/accept.ts";
import { acceptSuppliedLetter } from "../intake/accept-letter.ts";
import type { SendingPerson } from "./one-off.ts";

/** Readers look for it no further (ISO 32000-1, Annex H, 3.4.1). */
const HEADER_WITHIN_BYTES = 1_024;
const FILE_NAME_MAX_CHARACTERS = 255;

export interface UploadedLetter {
  service: Service;
  /** As its owner calls it: the letter's reference. */
  fileName: string;
  pdf: Buffer;
  postage: HomePostage;
}

/** Answers the notification's id. Throws the same refusals as the API, and under the field `pdf` what is no PDF. */
export async function sendUploadedLetter(
  intake: Intake,
  person: SendingPerson,
  { service, fileName, pdf, postage }: UploadedLetter,
): Promise<string> {
  if (!pdf.subarray(0, HEADER_WITHIN_BYTES).includes("%PDF-"))
    throw fieldRefusal("pdf", "not-a-pdf", "Choose a PDF file");
  const reference = fileName.slice(0, FILE_NAME_MAX_CHARACTERS);
  const { id } = await acceptSuppliedLetter(intake, {
    ...{ service, key: undefined, idempotency: undefined, createdByName: person.name },
    ...{ content: pdf.toString("base64"), reference, postage },
  });
  await intake.db.transaction((tx) =>
    recordDeed(tx, person, { serviceId: service.id, action: "message.sent", subject: id, after: { postage } }),
  );
  return id;
}
