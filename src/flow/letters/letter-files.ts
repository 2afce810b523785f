/** The PDFs of letters, kept sealed under their service's key: whoever has the storage alone cannot read a letter. */
import { createHash } from "node:crypto";
import type { Blobs } from "../../platform/blobs.ts";
import { open, seal } from "../../platform/sealing.ts";
import { sealedLetterPdf } from "../../records/letters/letter-store.ts";
import type { Service } from "../../records/services/service.ts";

const LETTER_FILE = /^letters\/[\d-]{10}\/([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\.pdf$/;

type Owner = Pick<Service, "dataKey">;

export interface KeptPdf {
  storedAs: string;
  pdfBytes: number;
  pdfSha256: Buffer;
}

/** Where a letter's PDF is kept: by day, so that no folder grows without end. */
export function letterFileKey({ id, createdAt }: { id: string; createdAt: Date }): string {
  return `${letterFolder(createdAt)}${id}.pdf`;
}

/** Where the PDFs of a day's letters are kept: days of UTC. */
export function letterFolder(day: Date): string {
  return `letters/${day.toISOString().slice(0, "2026-11-30".length)}/`;
}

/** The letter whose PDF a key is of; undefined for what is none of ours. */
export function letterIdIn(key: string): string | undefined {
  return LETTER_FILE.exec(key)?.[1];
}

/** Kept durably when it resolves; over an earlier one of the same letter. */
export async function keepPdf(
  blobs: Blobs,
  service: Owner,
  letter: { id: string; createdAt: Date; pdf: Buffer },
): Promise<KeptPdf> {
  const storedAs = letterFileKey(letter);
  await blobs.put(storedAs, seal({ key: service.dataKey, belongsTo: sealedLetterPdf(letter.id) }, letter.pdf));
  return { storedAs, ...factsOf(letter.pdf) };
}

/** By which a printer knows that it has the whole PDF, and the right one. */
export function factsOf(pdf: Buffer): Omit<KeptPdf, "storedAs"> {
  return { pdfBytes: pdf.length, pdfSha256: createHash("sha256").update(pdf).digest() };
}

/** Undefined when it is not there (any more). */
export async function readPdf(
  blobs: Blobs,
  service: Owner,
  letter: { id: string; storedAs: string },
): Promise<Buffer | undefined> {
  const sealed = await blobs.find(letter.storedAs);
  return sealed && open({ key: service.dataKey, belongsTo: sealedLetterPdf(letter.id) }, sealed);
}
