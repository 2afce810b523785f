/** Sets a letter on paper, counts its pages, and keeps its PDF; then it waits for the printer. */

import { statusesBefore } from "../../core/delivery/statuses.ts";
import { LETTER_PAGES_MAX, sheetsOf } from "../../core/letter/sheets.ts";
import type { Tx } from "../../platform/db.ts";
import type { LetterTypesetter } from "../../platform/pdf/letter-typesetter.ts";
import { open } from "../../platform/sealing.ts";
import { getPrintTimetable } from "../../records/deployment/print-settings.ts";
import type { Letter } from "../../records/letters/letter.ts";
import { recordReady, recordRejected, sealedLetterAddress } from "../../records/letters/letter-store.ts";
import type { Notification } from "../../records/notifications/notification.ts";
import { moveStatus } from "../../records/notifications/notification-store.ts";
import type { Service } from "../../records/services/service.ts";
import type { App } from "../app.ts";
import { openContent } from "../personal-content.ts";
import { templateText } from "../rendering.ts";
import { composeLetter } from "./compose-letter.ts";
import { enclosuresOf } from "./letter-attachments.ts";
import { type KeptPdf, keepPdf } from "./letter-files.ts";
import { printTestLetter } from "./print-test-letter.ts";

export interface LetterOnDesk {
  notification: Notification;
  letter: Letter;
  service: Service;
}

/** Throws when it could not be made at all: it is tried again. */
export async function makeLetter(
  app: App,
  typesetter: Pick<LetterTypesetter, "typeset">,
  desk: LetterOnDesk,
): Promise<void> {
  const { notification, letter, service } = desk;
  const { id, createdAt } = notification;
  const addressLines = addressOf(desk);
  const template = await app.templates.findVersion(notification.templateId, notification.templateVersion);
  if (!template) throw new Error("a letter's template version is missing");
  const { timeZone } = await getPrintTimetable(app.db);
  const { personalisation } = openContent(service, notification);
  const enclosures = await enclosuresOf(app, service, template);
  const values = { addressLines, personalisation, createdAt, timeZone, ...enclosures };
  const { pdf, pages } = await typesetter.typeset(composeLetter(templateText(template), values));
  const kept = await keepPdf(app.blobs, service, { id, createdAt, pdf: Buffer.from(pdf) });
  await app.db.transaction(async (tx) => {
    if (pages > LETTER_PAGES_MAX) return rejectTooLong(app, tx, { id, pages, kept });
    const { postage, sealedAddress } = letter;
    if (!sealedAddress) throw new Error("a letter's address is missing");
    const { isInternational } = notification;
    await recordReady(tx, {
      notificationId: id,
      postage,
      sealedAddress,
      isInternational,
      pages,
      sheets: sheetsOf(pages),
      ...kept,
    });
    await printTestLetter(app, tx, notification);
  });
}

function addressOf({ notification: { id }, letter: { sealedAddress }, service }: LetterOnDesk): string[] {
  if (!sealedAddress) throw new Error("a letter's address is missing");
  return open({ key: service.dataKey, belongsTo: sealedLetterAddress(id) }, sealedAddress)
    .toString()
    .split("\n");
}

/** Printers take no more sheets than fit one envelope. */
async function rejectTooLong(
  { clock }: Pick<App, "clock">,
  tx: Tx,
  { id, pages, kept }: { id: string; pages: number; kept: KeptPdf },
): Promise<void> {
  const to = "validation-failed";
  const rejected = { reasonCode: "letter-too-long", reasonPages: [], pages, storedAs: kept.storedAs };
  await recordRejected(tx, { notificationId: id, ...rejected });
  await moveStatus(tx, { ids: [id], to, from: statusesBefore(to), at: clock.now() });
}
