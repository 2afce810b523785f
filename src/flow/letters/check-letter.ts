/**
 * A letter that came as a PDF: scanned for viruses, then held against what printers take, in Notify's order. What passes waits for the
 * printer as any other letter; what does not says why, and on which pages.
 */

import { type Status, statusesBefore } from "../../core/delivery/statuses.ts";
import {
  checkSuppliedLetter,
  type LetterProblem,
  type SuppliedLetter,
  type Verdict,
} from "../../core/letter/check-supplied-letter.ts";
import { DEFAULT_POSTAGE, HOME_POSTAGES, type Postage, postageFor } from "../../core/letter/postage.ts";
import { sheetsOf } from "../../core/letter/sheets.ts";
import { impossible } from "../../core/refusal.ts";
import type { Tx } from "../../platform/db.ts";
import type { PdfInspector } from "../../platform/pdf/pdf-inspector.ts";
import { seal } from "../../platform/sealing.ts";
import { recordReady, recordRejected, sealedLetterAddress } from "../../records/letters/letter-store.ts";
import { moveStatus } from "../../records/notifications/notification-store.ts";
import { mayUse } from "../../records/services/service.ts";
import type { App } from "../app.ts";
import { scanFile } from "../scan-file.ts";
import { asSupplied, LETTER_RULES } from "./inspection-rules.ts";
import { factsOf, readPdf } from "./letter-files.ts";
import type { LetterOnDesk } from "./make-letter.ts";
import { printTestLetter } from "./print-test-letter.ts";

export type Inspector = Pick<PdfInspector, "inspect">;

/** Throws when nobody could look into it: it is tried again. */
export async function checkLetter(app: App, inspector: Inspector, desk: LetterOnDesk): Promise<void> {
  const pdf = await pdfOf(app, desk);
  if (!pdf) return end(app, desk, "technical-failure");
  const verdict = await scanFile(app, pdf);
  switch (verdict.kind) {
    case "infected":
      return end(app, desk, "virus-scan-failed");
    case "no-scanner":
      return end(app, desk, "technical-failure");
    case "unavailable":
      throw new Error(`the virus scanner is away: ${verdict.reason}`);
    case "clean":
    case "unscanned":
      return settle(app, desk, { letter: asSupplied(await inspector.inspect(pdf, LETTER_RULES)), pdf });
    default:
      return impossible(verdict);
  }
}

async function pdfOf(app: App, { notification: { id }, letter, service }: LetterOnDesk): Promise<Buffer | undefined> {
  return letter.storedAs === undefined ? undefined : readPdf(app.blobs, service, { id, storedAs: letter.storedAs });
}

async function end(app: App, { notification: { id } }: LetterOnDesk, to: Status): Promise<void> {
  await app.db.transaction(async (tx) => {
    await moveStatus(tx, { ids: [id], to, from: statusesBefore(to), at: app.clock.now() });
  });
}

async function settle(
  app: App,
  desk: LetterOnDesk,
  { letter, pdf }: { letter: SuppliedLetter; pdf: Buffer },
): Promise<void> {
  const verdict = checkSuppliedLetter(letter, { international: mayUse(desk.service, "international_letters") });
  const pages = letter.kind === "read" ? letter.pages.length : undefined;
  if (verdict.kind === "refuse") return reject(app, desk, { ...verdict, count: pages });
  await accept(app, desk, { verdict, pdf, pages: pages ?? 0 });
}

async function reject(
  app: App,
  { notification: { id } }: LetterOnDesk,
  refused: { problem: LetterProblem; pages: readonly number[]; count: number | undefined },
): Promise<void> {
  await app.db.transaction(async (tx) => {
    const rejected = { reasonCode: refused.problem, reasonPages: refused.pages, pages: refused.count };
    await recordRejected(tx, { notificationId: id, ...rejected, storedAs: undefined });
    await move(app, tx, { id, to: "validation-failed" });
  });
}

interface Passed {
  verdict: Extract<Verdict, { kind: "print" }>;
  pdf: Buffer;
  pages: number;
}

async function accept(app: App, desk: LetterOnDesk, { verdict: { address }, pdf, pages }: Passed): Promise<void> {
  const { notification, letter, service } = desk;
  const { id } = notification;
  const sealedAddress = seal({ key: service.dataKey, belongsTo: sealedLetterAddress(id) }, address.lines.join("\n"));
  const isInternational = address.zone !== "united-kingdom";
  const postage = postageFor(address.zone, chosen(letter.postage));
  await app.db.transaction(async (tx) => {
    const isMoved = await move(app, tx, { id, to: "created" });
    if (!isMoved) return; // Taken back meanwhile.
    const ready = {
      notificationId: id,
      postage,
      sealedAddress,
      isInternational,
      pages,
      sheets: sheetsOf(pages),
      storedAs: letter.storedAs ?? "",
      ...factsOf(pdf),
    };
    await recordReady(tx, ready);
    await printTestLetter(app, tx, { ...notification, isInternational });
  });
}

async function move({ clock }: Pick<App, "clock">, tx: Tx, { id, to }: { id: string; to: Status }): Promise<boolean> {
  const moved = await moveStatus(tx, { ids: [id], to, from: statusesBefore(to), at: clock.now() });
  return moved.length > 0;
}

function chosen(postage: Postage) {
  return HOME_POSTAGES.find((candidate) => candidate === postage) ?? DEFAULT_POSTAGE;
}
