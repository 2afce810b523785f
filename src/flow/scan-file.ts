/**
 * Looks for viruses in what comes from outside, files for emails and letters that come as PDFs, with what this installation has for it.
 * A file that cannot be looked into is not let in, unless the operator has said that it may be.
 */
import { impossible, Refusal } from "../core/refusal.ts";
import type { Db } from "../platform/db.ts";
import { isOnlySandboxActive } from "../records/providers/provider-store.ts";
import type { App } from "./app.ts";

const ASK_AGAIN_AFTER_SECONDS = 5;

/** What is asked about a file, of whom. */
export type ScannedBy = "scanner" | "sandbox" | "nobody-by-choice" | "nobody";

export type ScanVerdict =
  | { kind: "clean" }
  | { kind: "infected"; signature: string }
  /** Nobody has looked: the operator accepts that. */
  | { kind: "unscanned" }
  /** There is nothing to look with, and the operator has not accepted that. */
  | { kind: "no-scanner" }
  | { kind: "unavailable"; reason: string };

type Scanner = { db: Db } & Pick<App, "scanning" | "log">;

export function scannedBy(facts: {
  hasScanner: boolean;
  isOnlySandbox: boolean;
  acceptsUnscanned: boolean;
}): ScannedBy {
  if (facts.hasScanner) return "scanner";
  if (facts.isOnlySandbox) return "sandbox";
  return facts.acceptsUnscanned ? "nobody-by-choice" : "nobody";
}

/** Never throws for what a scanner says. A scanner that is away, and what it finds, is logged without what the file holds. */
export async function scanFile({ db, scanning, log }: Scanner, bytes: Buffer): Promise<ScanVerdict> {
  const { scanner, sandboxScanner, acceptsUnscanned } = scanning;
  const isOnlySandbox = scanner === undefined && (await isOnlySandboxActive(db));
  switch (scannedBy({ hasScanner: scanner !== undefined, isOnlySandbox, acceptsUnscanned })) {
    case "nobody":
      return { kind: "no-scanner" };
    case "nobody-by-choice":
      return { kind: "unscanned" };
    default: {
      const result = await (scanner ?? sandboxScanner).scan(bytes);
      if (result.kind === "infected") log.warn("scan.infected", { signature: result.signature, bytes: bytes.length });
      if (result.kind === "unavailable") log.error("scan.unavailable", { reason: result.reason });
      return result;
    }
  }
}

/** For what is scanned later: lets nothing in that nobody would ever look into. */
export async function refuseIfNobodyScans({ db, scanning }: Scanner): Promise<void> {
  const { scanner, acceptsUnscanned } = scanning;
  const isOnlySandbox = scanner === undefined && (await isOnlySandboxActive(db));
  if (scannedBy({ hasScanner: scanner !== undefined, isOnlySandbox, acceptsUnscanned }) === "nobody") throw noScanner();
}

/** For what must be decided at the door: lets a file in, or says why not. */
export async function refuseUnlessClean(app: Scanner, bytes: Buffer): Promise<void> {
  const verdict = await scanFile(app, bytes);
  switch (verdict.kind) {
    case "clean":
    case "unscanned":
      return;
    case "infected":
      throw new Refusal("bad-request", "File did not pass the virus scan");
    case "no-scanner":
      throw noScanner();
    case "unavailable":
      throw new Refusal("unavailable", "Files cannot be scanned for viruses at the moment; try again", {
        retryAfterSeconds: ASK_AGAIN_AFTER_SECONDS,
      });
    default:
      impossible(verdict);
  }
}

function noScanner(): Refusal {
  return new Refusal("bad-request", "Files cannot be taken: this Pennypost has no virus scanner. Ask those who run it");
}
