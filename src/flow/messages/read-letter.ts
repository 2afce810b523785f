/** What a letter is beside a message, for the people of its service. */
import { letterTimings } from "../../core/calendar/letter-timings.ts";
import type { LetterProblem } from "../../core/letter/check-supplied-letter.ts";
import type { Postage } from "../../core/letter/postage.ts";
import { open } from "../../platform/sealing.ts";
import { getPrintTimetable } from "../../records/deployment/print-settings.ts";
import { findLetter, sealedLetterAddress } from "../../records/letters/letter-store.ts";
import type { Notification } from "../../records/notifications/notification.ts";
import type { Service } from "../../records/services/service.ts";
import type { App } from "../app.ts";
import { type Cancellable, cancellableUntil } from "../letters/cancel-letter.ts";

export interface LetterDetails {
  postage: Postage;
  isPrecompiled: boolean;
  /** Those in the window; none until they have been read from a supplied PDF, or once they are past retention. */
  addressLines: readonly string[];
  /** Undefined until its pages have been counted. */
  pages: number | undefined;
  sheets: number | undefined;
  /** Why it is not printed, and on which pages that shows. */
  reason: { code: LetterProblem; pages: readonly number[] } | undefined;
  /** It has a PDF to look at. */
  hasPdf: boolean;
  /** It can be taken back until then. */
  cancellable: Cancellable | undefined;
  printedBy: Date;
  /** At best and at worst. */
  delivery: { earliest: Date; latest: Date };
}

/** Undefined for a message that is no letter. */
export async function readLetter(
  app: Pick<App, "db" | "clock">,
  service: Pick<Service, "dataKey">,
  notification: Notification,
): Promise<LetterDetails | undefined> {
  if (notification.channel !== "letter") return undefined;
  const [letter, timetable] = await Promise.all([findLetter(app.db, notification.id), getPrintTimetable(app.db)]);
  if (!letter) return undefined;
  const { postage, isPrecompiled, pages, sheets, reasonCode, reasonPages, sealedAddress } = letter;
  const { printedBy, earliestDelivery, latestDelivery } = letterTimings({ ...notification, postage }, timetable);
  const place = { key: service.dataKey, belongsTo: sealedLetterAddress(notification.id) };
  return {
    ...{ postage, isPrecompiled, pages, sheets, printedBy },
    addressLines: sealedAddress ? open(place, sealedAddress).toString().split("\n") : [],
    reason: reasonCode === undefined ? undefined : { code: reasonCode as LetterProblem, pages: reasonPages ?? [] },
    hasPdf: letter.storedAs !== undefined && !UNSEEN.includes(notification.status),
    cancellable: await cancellableUntil(app, notification),
    delivery: { earliest: earliestDelivery, latest: latestDelivery },
  };
}

/** Nobody opens what has not been looked through for viruses, or has one. */
const UNSEEN = ["pending-virus-check", "virus-scan-failed", "technical-failure"];
