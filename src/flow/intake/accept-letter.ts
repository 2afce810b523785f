/**
 * Accepts letters. One from a template is committed with the job that sets it on paper; one that came as a PDF is kept, sealed, before it is
 * committed with the job that scans and checks it. The order of the checks is that of Notify's API.
 */
import type { PostalAddress } from "../../core/address/postal-address.ts";
import { DEFAULT_POSTAGE, type HomePostage, postageFor } from "../../core/letter/postage.ts";
import { sheetsOf } from "../../core/letter/sheets.ts";
import { Refusal } from "../../core/refusal.ts";
import { newId, timeOfId } from "../../platform/ids.ts";
import { LANES } from "../../platform/queue.ts";
import { blindIndex, seal } from "../../platform/sealing.ts";
import type { NewLetter } from "../../records/letters/letter.ts";
import { sealedLetterAddress } from "../../records/letters/letter-store.ts";
import type { NewNotification, PersonalContent } from "../../records/notifications/notification.ts";
import { sealedAt } from "../../records/services/service-store.ts";
import { keepPdf } from "../letters/letter-files.ts";
import { ensureSuppliedTemplate } from "../letters/supplied-template.ts";
import { refuseIfNobodyScans } from "../scan-file.ts";
import type { Alongside, Intake } from "./accept.ts";
import { board } from "./board.ts";
import { letterAdditionsOf } from "./daily-limit.ts";
import { decideLetter, decideSuppliedLetter, type LetterRequest, type SuppliedLetterRequest } from "./decide-letter.ts";
import { refuseIfMayNotSend, refuseIfNoLetters } from "./permissions.ts";
import { type HoldReason, releaseCountOf } from "./release.ts";
import { type AcceptedLetter, type AcceptedSuppliedLetter, keyKindOf, type SendRequest } from "./send-request.ts";

type Particulars = Pick<SendRequest, "idempotency" | "createdByName" | "sentBy">;

export type TemplatedLetter = LetterRequest & Particulars & Pick<SendRequest, "reference">;
export type SuppliedLetter = SuppliedLetterRequest &
  Particulars & { reference: string; postage: HomePostage | undefined };

/** Accepts, or throws a `Refusal`. */
export async function acceptLetter(
  intake: Intake,
  request: TemplatedLetter,
  alongside: Alongside = () => ({}),
): Promise<AcceptedLetter> {
  const { rendered, hold, address, postage } = await decideLetter(intake, request);
  const { service, personalisation, reference } = request;
  const id = newId();
  const { templateId, version } = rendered.template;
  const lines = address.lines.join("\n");
  const sealedAddress = seal({ key: service.dataKey, belongsTo: sealedLetterAddress(id) }, lines);
  await save(intake, request, {
    // Nobody prints a letter of a test key: it is on its way at once.
    notification: newLetterNotification(intake, request, {
      ...{ id, templateId, version },
      status: keyKindOf(request) === "test" ? "sending" : "created",
      isInternational: address.zone !== "united-kingdom",
      content: { submittedRecipient: lines, recipient: lines, personalisation },
    }),
    letter: {
      notificationId: id,
      serviceId: service.id,
      isPrecompiled: false,
      postage,
      sealedAddress,
      storedAs: undefined,
    },
    company: alongside(id),
    hold,
  });
  const { subject, body } = rendered.content;
  return {
    id,
    channel: "letter",
    reference,
    subject,
    body,
    templateId,
    templateVersion: version,
    serviceId: service.id,
  };
}

/** Accepts what is yet to be scanned and checked, or throws a `Refusal`. */
export async function acceptSuppliedLetter(intake: Intake, request: SuppliedLetter): Promise<AcceptedSuppliedLetter> {
  const pdf = decideSuppliedLetter(request);
  await refuseIfNobodyScans(intake);
  const { service, reference, postage = DEFAULT_POSTAGE } = request;
  const template = await ensureSuppliedTemplate(intake.db, service.id);
  const id = newId();
  const { storedAs } = await keepPdf(intake.blobs, service, { id, createdAt: timeOfId(id), pdf });
  const notification = newLetterNotification(intake, request, {
    ...{ id, templateId: template.id, version: template.version },
    status: "pending-virus-check",
    isInternational: false,
    content: { submittedRecipient: "", recipient: "", personalisation: {} },
  });
  const letter = {
    notificationId: id,
    serviceId: service.id,
    isPrecompiled: true,
    postage,
    sealedAddress: undefined,
    storedAs,
  };
  await saveKept(intake, request, { notification, letter });
  return { channel: "supplied-letter", id, reference, postage };
}

/** A letter that came as a PDF and has been scanned and checked. */
export interface CheckedLetter extends Omit<Sent, "reference"> {
  reference: string;
  /** Abroad, the address decides. */
  postage: HomePostage;
  address: PostalAddress;
  pages: number;
  pdf: Buffer;
  /** As which it was looked at. */
  uploadId: string;
}

/** Accepts what can be printed as it is, or throws a `Refusal`. */
export async function acceptCheckedLetter(intake: Intake, request: CheckedLetter): Promise<AcceptedSuppliedLetter> {
  const { service, reference, address, pages, pdf, uploadId } = request;
  refuseIfMayNotSend(service, "letter");
  refuseIfNoLetters(request);
  const template = await ensureSuppliedTemplate(intake.db, service.id);
  const id = newId();
  const sheets = sheetsOf(pages);
  const postage = postageFor(address.zone, request.postage);
  const sealedAddress = seal({ key: service.dataKey, belongsTo: sealedLetterAddress(id) }, address.lines.join("\n"));
  const { storedAs, ...facts } = await keepPdf(intake.blobs, service, { id, createdAt: timeOfId(id), pdf });
  const notification = newLetterNotification(intake, request, {
    ...{ id, templateId: template.id, version: template.version, status: "created" },
    isInternational: address.zone !== "united-kingdom",
    sheets,
    content: { submittedRecipient: "", recipient: "", personalisation: {} },
  });
  const letter = { notificationId: id, serviceId: service.id, isPrecompiled: true, postage, sealedAddress, storedAs };
  await saveKept(intake, request, {
    notification,
    letter: { ...letter, uploadId, ready: { pages, sheets, ...facts } },
  });
  return { channel: "supplied-letter", id, reference, postage };
}

/** The PDF of a letter that is refused is nobody's. Where the answer was not heard it may be somebody's: upkeep sees to those that are not. */
async function saveKept(
  intake: Intake,
  request: Sent,
  saved: { notification: NewNotification; letter: NewLetter & { storedAs: string } },
): Promise<void> {
  try {
    await save(intake, request, saved);
  } catch (error) {
    const isRefused = error instanceof Refusal && error.kind !== "unavailable";
    if (isRefused) await intake.blobs.delete(saved.letter.storedAs).catch(() => undefined);
    throw error;
  }
}

interface Decided extends Pick<NewNotification, "id" | "status" | "isInternational" | "templateId"> {
  version: number;
  /** Once they have been counted. */
  sheets?: number;
  content: PersonalContent;
}

type Sent = Pick<SendRequest, "service" | "key" | "reference" | "idempotency" | "createdByName" | "sentBy">;

function newLetterNotification({ keys }: Intake, request: Sent, decided: Decided): NewNotification {
  const { service, key, reference } = request;
  const { id, status, templateId, version, isInternational, sheets = 0, content } = decided;
  return {
    ...{ id, status, templateId, templateVersion: version, isInternational, reference },
    serviceId: service.id,
    apiKeyId: key?.id,
    keyKind: keyKindOf(request),
    createdByName: request.createdByName,
    channel: "letter",
    sealedContent: seal({ key: service.dataKey, belongsTo: sealedAt.notification(id) }, JSON.stringify(content)),
    recipientIndex: blindIndex(keys.searchIndex, content.recipient.toLowerCase()),
    sender: undefined,
    lane: LANES.normal,
    hasReceipts: true,
    countryPrefix: undefined,
    rateMultiplier: 1,
    fragments: sheets,
    createdAt: timeOfId(id),
    scheduledFor: undefined,
    validUntil: undefined,
  };
}

interface Saved {
  notification: NewNotification;
  letter: NewLetter;
  company?: ReturnType<Alongside>;
  hold?: HoldReason | undefined;
}

async function save(intake: Intake, request: Sent, { notification, letter, company, hold }: Saved): Promise<void> {
  await board(intake, request, {
    ...{ notification, letter, ...company },
    release: releaseCountOf(request, notification, hold),
    dailyAdditions: letterAdditionsOf(request, notification.createdAt),
  });
}
