/** Letters of a run on their way to the printer, some at a time; what became of each is written before the next are sent. */
import { open } from "../../platform/sealing.ts";
import type { LetterMessage, LetterProvider, Outcome, PrintedLetter, RunOutcome } from "../../providers/provider.ts";
import type { LetterToPrint } from "../../records/letters/letter.ts";
import { sealedLetterAddress } from "../../records/letters/letter-store.ts";
import {
  listHandedOver,
  listLettersToHandOver,
  type PrintRun,
  recordHandedOver,
} from "../../records/letters/print-run-store.ts";
import type { App } from "../app.ts";
import { failLetters } from "./fail-letters.ts";
import { readPdf } from "./letter-files.ts";

/** Each PDF of them is in memory at once. */
const LETTERS_AT_ONCE_MAX = 16;
const RUN_TIME_CHARACTERS = "2026-11-30T17:50".length;
const RUN_ID_CHARACTERS = 8;

/** Names a run to its printer.  → "2026-11-30-1730-0199a8f0", its cut-off in UTC and the end of its id */
export function runNameOf({ id, cutOffAt }: Pick<PrintRun, "id" | "cutOffAt">): string {
  const time = cutOffAt.toISOString().slice(0, RUN_TIME_CHARACTERS).replace("T", "-").replace(":", "");
  return `${time}-${id.slice(-RUN_ID_CHARACTERS)}`;
}

/** Done when no letter of the run is left to hand over. */
export async function handOverLetters(app: App, run: PrintRun, provider: LetterProvider): Promise<RunOutcome> {
  let after: string | undefined;
  for (;;) {
    const letters = await listLettersToHandOver(app.db, run.id, { after, limit: LETTERS_AT_ONCE_MAX });
    if (letters.length === 0) return { kind: "done" };
    // All of them, whatever one comes to: the next try must not meet a letter that is still on its way.
    const settled = await Promise.allSettled(letters.map((letter) => handOver(app, { run, letter, provider })));
    const answered = letters.flatMap((letter, index) => {
      const result = settled[index];
      return result?.status === "fulfilled" ? [{ letter, outcome: result.value }] : [];
    });
    await record(app, run, answered);
    const failed = settled.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
    for (const { outcome } of answered) if (outcome.kind === "unavailable") return outcome;
    after = letters.at(-1)?.notificationId;
  }
}

/** The letters of a run that its printer has been given, as its list names them. */
export async function printedLetters(app: Pick<App, "db">, run: PrintRun): Promise<PrintedLetter[]> {
  const letters = await listHandedOver(app.db, run.id);
  return letters.map(({ notificationId, postage, pages, sheets, createdAt, pdfBytes, pdfSha256 }) => ({
    ...{ notificationId, postage, pages, sheets, createdAt },
    bytes: pdfBytes,
    sha256: pdfSha256.toString("hex"),
  }));
}

interface HandOver {
  run: PrintRun;
  letter: LetterToPrint;
  provider: LetterProvider;
}

const NOT_MADE: Outcome = { kind: "refused", reason: "the letter's PDF cannot be read" };

async function handOver(app: App, { run, letter, provider }: HandOver): Promise<Outcome> {
  const message = await messageOf(app, run, letter);
  return message ? provider.send(message) : NOT_MADE;
}

async function messageOf(app: App, run: PrintRun, letter: LetterToPrint): Promise<LetterMessage | undefined> {
  const { notificationId, serviceId, postage, pages, sheets, createdAt, sealedAddress, storedAs } = letter;
  const service = await app.services.find(serviceId);
  if (!service) return undefined;
  const pdf = await readPdf(app.blobs, service, { id: notificationId, storedAs });
  if (!pdf) return undefined;
  const address = open({ key: service.dataKey, belongsTo: sealedLetterAddress(notificationId) }, sealedAddress);
  const addressLines = address.toString().split("\n");
  return { ...{ notificationId, postage, pages, sheets, createdAt, pdf, addressLines }, run: runNameOf(run) };
}

async function record(
  app: App,
  run: PrintRun,
  answered: readonly { letter: LetterToPrint; outcome: Outcome }[],
): Promise<void> {
  const ids = answered.flatMap(({ letter, outcome }) => (outcome.kind === "accepted" ? [letter.notificationId] : []));
  await app.db.transaction(async (tx) => {
    await recordHandedOver(tx, { ids, provider: run.provider, at: app.clock.now() });
    for (const { letter, outcome } of answered) {
      if (outcome.kind !== "refused") continue;
      const { reason, code } = outcome;
      await failLetters(app, tx, { ids: [letter.notificationId], provider: run.provider, reason, code });
    }
  });
}
