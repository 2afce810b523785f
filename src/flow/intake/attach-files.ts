/**
 * The files of an email: looked at when everything else about it is known to be right, sealed, and kept with it. Each becomes a link in
 * the place of its value.
 */
import { linkInWords } from "../../core/files/template-file.ts";
import { Refusal } from "../../core/refusal.ts";
import type { TemplateFile } from "../../records/templates/template-file.ts";
import type { App } from "../app.ts";
import { checkFile } from "../files/check-file.ts";
import { addKey, linkWithoutKey, testLink } from "../files/document-link.ts";
import { dropFiles, keepFiles, linkTemplateFile, type SealedFile, sealFile } from "../files/keep-file.ts";
import { hashRecipient } from "../files/recipient-proof.ts";
import type { FileWish, SendRequest, SentFiles } from "./send-request.ts";
import { isSimulated } from "./simulated.ts";

/** Each is scanned and sealed while its sender waits. */
const FILES_MAX = 10;

export interface AttachedFiles {
  /** What stands for each file in the message: the link as its recipient gets it. */
  links: Record<string, string>;
  /** The same without the keys, as it is kept. */
  keptLinks: Record<string, string>;
  /** By the name of the value. */
  documentIds: Record<string, string>;
  sealed: readonly SealedFile[];
}

export const NO_FILES: AttachedFiles = { links: {}, keptLinks: {}, documentIds: {}, sealed: [] };

type Attaching = Pick<App, "db" | "scanning" | "log" | "clock">;

/** Refuses what may not be sent; nothing is kept yet. */
export async function attachFiles(
  app: Attaching,
  request: SendRequest,
  { notificationId, ofTemplate }: { notificationId: string; ofTemplate: readonly TemplateFile[] },
): Promise<AttachedFiles> {
  const { files } = request;
  if (files === undefined && ofTemplate.length === 0) return NO_FILES;
  const wishes = files?.read() ?? [];
  const origins = originsFor(request);
  refuseIfNotSetUp(request, origins);
  if (wishes.length > FILES_MAX) throw new Refusal("bad-request", `An email cannot have more than ${FILES_MAX} files`);
  if (isSimulated(request.recipient)) return simulatedFiles(request, { wishes, ofTemplate, origins });
  // Hashing takes as long as all the rest, and needs nothing of it.
  const asks = wishes.some(({ confirmsEmail }) => confirmsEmail) || ofTemplate.some((file) => file.asksForAddress);
  const recipientHash = asks ? hashOf(request) : undefined;
  const sealed: SealedFile[] = [];
  for (const wish of wishes) {
    const checked = await checkFile(app, wish);
    const goesWith = { notificationId, placeholder: wish.placeholder };
    const hash = wish.confirmsEmail ? await recipientHash : undefined;
    sealed.push(sealFile(app, checked, { service: request.service, goesWith, recipientHash: hash, weeks: wish.weeks }));
  }
  for (const file of ofTemplate) {
    const goesWith = { notificationId, placeholder: file.fileName };
    const hash = file.asksForAddress ? await recipientHash : undefined;
    const weeks = file.retentionWeeks;
    sealed.push(linkTemplateFile(app, file, { service: request.service, goesWith, recipientHash: hash, weeks }));
  }
  return attached(sealed, { origins, ofTemplate });
}

/** Where links lead: as whoever asks was reached, which those who send with files always say. */
function originsFor({ files, origins }: SendRequest): SentFiles["origins"] {
  const known = files?.origins ?? origins?.();
  if (!known) throw new Error("nobody has said where links to files lead");
  return known;
}

/**
 * Runs what accepts the message with its files kept; they go again when it is not accepted. Of a message that may have been accepted
 * without our hearing of it they stay: it would be sent without them. If it was not, housekeeping takes them away.
 */
export async function withFiles<Result>(
  app: Pick<App, "db" | "blobs" | "log">,
  { sealed }: AttachedFiles,
  accept: () => Promise<Result>,
): Promise<Result> {
  if (sealed.length === 0) return accept();
  await keepFiles(app, sealed);
  try {
    return await accept();
  } catch (error) {
    if (isRefusedForGood(error)) await dropFiles(app, sealed);
    throw error;
  }
}

function isRefusedForGood(error: unknown): boolean {
  return error instanceof Refusal && error.kind !== "unavailable";
}

/** A page with a file has to say whom to ask about it. */
function refuseIfNotSetUp({ service }: SendRequest, origins: SentFiles["origins"]): void {
  if (service.filesContact) return;
  const settings = `${origins.admin}/services/${service.id}/service-settings/send-files-by-email`;
  throw new Refusal(
    "bad-request",
    `Send files by email has not been set up - add contact details for your service at ${settings}`,
  );
}

async function hashOf({ recipient }: SendRequest): Promise<string | undefined> {
  return recipient.channel === "email" ? hashRecipient(recipient.address) : undefined;
}

interface Simulated {
  wishes: readonly FileWish[];
  ofTemplate: readonly TemplateFile[];
  origins: SentFiles["origins"];
}

function simulatedFiles({ service }: SendRequest, { wishes, ofTemplate, origins }: Simulated): AttachedFiles {
  const link = testLink(origins.documents, service.id);
  const links = [
    ...wishes.map(({ placeholder }) => [placeholder, link] as const),
    ...ofTemplate.map(({ fileName, linkText }) => [fileName, linkInWords(link, linkText)] as const),
  ];
  return { ...NO_FILES, links: Object.fromEntries(links) };
}

function attached(
  sealed: readonly SealedFile[],
  { origins, ofTemplate }: Pick<Simulated, "origins" | "ofTemplate">,
): AttachedFiles {
  const texts = new Map(ofTemplate.map(({ id, linkText }) => [id, linkText]));
  const files = sealed.map(({ document, key }) => {
    const { serviceId, id, placeholder = "", templateFileId = "" } = document;
    const link = linkWithoutKey(origins.documents, { serviceId, id });
    return { id, key, placeholder, keptLink: linkInWords(link, texts.get(templateFileId)) };
  });
  return {
    links: Object.fromEntries(files.map(({ placeholder, keptLink, key }) => [placeholder, addKey(keptLink, key)])),
    keptLinks: Object.fromEntries(files.map(({ placeholder, keptLink }) => [placeholder, keptLink])),
    documentIds: Object.fromEntries(files.map(({ placeholder, id }) => [placeholder, id])),
    sealed,
  };
}
