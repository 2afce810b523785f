/** A letter that is being sent: its address as it is typed, and what is to be known before it goes. */
import { parsePostalAddress } from "../../../core/address/postal-address.ts";
import { DEFAULT_POSTAGE, HOME_POSTAGES, type Postage, postageFor } from "../../../core/letter/postage.ts";
import { letterRateOn } from "../../../core/price/letter-rates.ts";
import { enclosuresOf } from "../../../flow/letters/letter-attachments.ts";
import type { LetterToPreview } from "../../../flow/letters/preview-letter.ts";
import { addressValues, type OneOffDraft, readAddress } from "../../../flow/sending/one-off.ts";
import { mayUse } from "../../../records/services/service.ts";
import type { TemplateVersion } from "../../../records/templates/template.ts";
import { InvalidFields } from "../http/form.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { sizeInWords } from "../letters/letter-frame.ts";
import { sendPath } from "./sending.ts";

/** More lines than an address may have are wrong, however many they are. */
const LINES_READ_MAX = 8;

export interface CheckedLetter {
  rows: readonly { key: string; text: string }[];
  cost: string;
  src: string;
  pdf: string;
  why: string;
}

export interface LetterDraft {
  template: TemplateVersion;
  draft: OneOffDraft;
}

/** The lines of an address that may still be half typed, under the names that requests give them. */
export function addressLinesIn(typed: string): Record<string, string> {
  const lines = typed.split(/\r?\n/).map((line) => line.trim());
  return addressValues(lines.filter((line) => line !== "").slice(0, LINES_READ_MAX));
}

/** As it will be printed. */
export async function letterOfDraft(visit: ServiceVisit, { template, draft }: LetterDraft): Promise<LetterToPreview> {
  const personalisation = { ...draft.values, ...addressLinesIn(draft.recipient ?? "") };
  return { words: template, personalisation, ...(await enclosuresOf(visit.app, visit.service, template)) };
}

export async function checkLetter(visit: ServiceVisit, ready: LetterDraft): Promise<CheckedLetter> {
  const { admin, app, service, text, formats, now } = visit;
  const home = await app.prices.home();
  const { pages, sheets, isTooLong } = await admin.letters.set(await letterOfDraft(visit, ready));
  const postage = postageOf(visit, ready);
  const path = sendPath(service.id, ready.template.templateId, ready.draft.id);
  const size = sizeInWords(text, { pages, sheets });
  const price = isTooLong ? undefined : formats.money(letterRateOn(now, { postage, sheets }, home));
  return {
    rows: [
      { key: text("send.row.to"), text: readAddress(service, ready.draft.recipient ?? "").lines.join(", ") },
      { key: text("message.letter.postage"), text: text(`letter.postage.${postage}`) },
      { key: text("message.letter.size"), text: size },
    ],
    cost: price === undefined ? text("send.check.tooLong") : text("send.check.letter", { price }),
    ...{ src: `${path}/pages`, pdf: `${path}/letter.pdf`, why: "" },
  };
}

export function postageOf({ service }: ServiceVisit, { template, draft }: LetterDraft): Postage {
  const chosen = HOME_POSTAGES.find((one) => one === template.postage) ?? DEFAULT_POSTAGE;
  const address = parsePostalAddress(draft.recipient ?? "", {
    international: mayUse(service, "international_letters"),
  });
  return typeof address === "string" ? chosen : postageFor(address.zone, chosen);
}

/** The printer would not take it, and its sender would learn so too late. */
export async function refuseTooLong(visit: ServiceVisit, ready: LetterDraft): Promise<void> {
  const { isTooLong } = await visit.admin.letters.set(await letterOfDraft(visit, ready));
  if (isTooLong) throw new InvalidFields({ send: visit.text("send.check.tooLong") });
}
