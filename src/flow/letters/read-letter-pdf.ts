/** The PDF of a letter, for its service: what was printed, or will be, or was rejected. */
import { Refusal } from "../../core/refusal.ts";
import { errorFields } from "../../platform/log.ts";
import { findLetter } from "../../records/letters/letter-store.ts";
import type { Notification } from "../../records/notifications/notification.ts";
import type { Service } from "../../records/services/service.ts";
import type { App } from "../app.ts";
import { readPdf } from "./letter-files.ts";

/** In the words of Notify's API. */
export async function readLetterPdf(
  app: Pick<App, "db" | "blobs" | "log">,
  service: Pick<Service, "dataKey">,
  notification: Pick<Notification, "id" | "channel" | "status">,
): Promise<Buffer> {
  refuseIfNone(notification);
  const pdf = await findPdf(app, service, notification.id);
  if (!pdf) throw notReady();
  return pdf;
}

function refuseIfNone({ channel, status }: Pick<Notification, "channel" | "status">): void {
  if (channel !== "letter") throw new Refusal("bad-request", "Notification is not a letter");
  switch (status) {
    case "virus-scan-failed":
      throw new Refusal("bad-request", "File did not pass the virus scan");
    case "technical-failure":
      throw new Refusal("bad-request", "PDF not available for letters in status technical-failure");
    case "pending-virus-check":
      throw notReady();
  }
}

/** A store that is away for the moment is no other than a PDF that is not there yet. */
async function findPdf(
  { db, blobs, log }: Pick<App, "db" | "blobs" | "log">,
  service: Pick<Service, "dataKey">,
  id: string,
): Promise<Buffer | undefined> {
  const letter = await findLetter(db, id);
  if (letter?.storedAs === undefined) return undefined;
  try {
    return await readPdf(blobs, service, { id, storedAs: letter.storedAs });
  } catch (error) {
    log.warn("letters.pdf-not-read", { notificationId: id, ...errorFields(error) });
    return undefined;
  }
}

function notReady(): Refusal {
  return new Refusal("pdf-not-ready", "PDF not available yet, try again later");
}
