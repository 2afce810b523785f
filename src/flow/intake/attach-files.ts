/**
 * The files of an email: looked at when everything else about it is known to be right, sealed, and kept with it. Each becomes a link in
 * the place of its value.
 */
import { Refusal } from "../../core/refusal.ts";
import type { App } from "../app.ts";
import { checkFile } from "../files/check-file.ts";
import { linkWithKey, linkWithoutKey, testLink } from "../files/document-link.ts";
import { dropFiles, keepFiles, type SealedFile, sealFile } from "../files/keep-file.ts";
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
  notificationId: string,
): Promise<AttachedFiles> {
  const { files } = request;
  if (files === undefined) return NO_FILES;
  const wishes = files.read();
  refuseIfNotSetUp(request, files);
  if (wishes.length > FILES_MAX) throw new Refusal("bad-request", `An email cannot have more than ${FILES_MAX} files`);
  if (isSimulated(request.recipient)) return simulatedFiles(request, files);
  // Hashing takes as long as all the rest, and needs nothing of it.
  const recipientHash = hashIfAsked(request, wishes);
  const sealed: SealedFile[] = [];
  for (const wish of wishes) {
    const checked = await checkFile(app, wish);
    const goesWith = { notificationId, placeholder: wish.placeholder };
    const hash = wish.confirmsEmail ? await recipientHash : undefined;
    sealed.push(sealFile(app, checked, { service: request.service, goesWith, recipientHash: hash, weeks: wish.weeks }));
  }
  return attached(files, sealed);
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
function refuseIfNotSetUp({ service }: SendRequest, { origins }: SentFiles): void {
  if (service.filesContact) return;
  const settings = `${origins.admin}/services/${service.id}/service-settings/send-files-by-email`;
  throw new Refusal(
    "bad-request",
    `Send files by email has not been set up - add contact details for your service at ${settings}`,
  );
}

async function hashIfAsked({ recipient }: SendRequest, wishes: readonly FileWish[]): Promise<string | undefined> {
  if (recipient.channel !== "email" || !wishes.some(({ confirmsEmail }) => confirmsEmail)) return undefined;
  return hashRecipient(recipient.address);
}

function simulatedFiles({ service }: SendRequest, { names, origins }: SentFiles): AttachedFiles {
  const link = testLink(origins.documents, service.id);
  return { ...NO_FILES, links: Object.fromEntries(names.map((name) => [name, link])) };
}

function attached({ origins }: SentFiles, sealed: readonly SealedFile[]): AttachedFiles {
  const files = sealed.map(({ document, key }) => {
    const { serviceId, id, placeholder = "" } = document;
    return { id, key, placeholder, keptLink: linkWithoutKey(origins.documents, { serviceId, id }) };
  });
  return {
    links: Object.fromEntries(files.map(({ placeholder, keptLink, key }) => [placeholder, linkWithKey(keptLink, key)])),
    keptLinks: Object.fromEntries(files.map(({ placeholder, keptLink }) => [placeholder, keptLink])),
    documentIds: Object.fromEntries(files.map(({ placeholder, id }) => [placeholder, id])),
    sealed,
  };
}
