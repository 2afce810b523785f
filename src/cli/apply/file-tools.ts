/**
 * What files in a declaration need beside the database: where they are kept, who scans them, and who sets letters on paper to see whether
 * they can be printed. Opened when the first is met: most declarations name none.
 */
import type { Config } from "../../config.ts";
import { LETTER_GEOMETRY } from "../../core/letter/page-geometry.ts";
import type { Scanning } from "../../flow/app.ts";
import { createLetterPreviews, type LetterPreviews } from "../../flow/letters/preview-letter.ts";
import { type Blobs, openBlobs } from "../../platform/blobs.ts";
import { createClamdScanner } from "../../platform/clamd/clamd-scanner.ts";
import { systemClock } from "../../platform/clock.ts";
import type { Database } from "../../platform/db.ts";
import type { Log } from "../../platform/log.ts";
import { openLetterTypesetter } from "../../platform/pdf/letter-typesetter.ts";
import { openPdfInspector } from "../../platform/pdf/pdf-inspector.ts";
import type { VirusScanner } from "../../platform/virus-scanner.ts";

export interface FileTools {
  blobs: Blobs;
  scanning: Scanning;
  log: Log;
  letters: Pick<LetterPreviews, "set" | "inspect">;
}

export type OpenFileTools = () => Promise<FileTools>;

interface Parts {
  config: Config;
  db: Database;
  log: Log;
  sandboxScanner: VirusScanner;
}

/** The tools are closed when `work` ends. */
export async function withFileTools<T>(parts: Parts, work: (open: OpenFileTools) => Promise<T>): Promise<T> {
  let opened: ReturnType<typeof openTools> | undefined;
  const open: OpenFileTools = () => {
    opened ??= openTools(parts);
    return opened;
  };
  try {
    return await work(open);
  } finally {
    await (await opened)?.close();
  }
}

async function openTools({ config, db, log, sandboxScanner }: Parts): Promise<FileTools & { close(): Promise<void> }> {
  const blobs = await openBlobs(config.fileStore);
  const [typesetter, inspector] = [openLetterTypesetter({ geometry: LETTER_GEOMETRY }), openPdfInspector()];
  return {
    blobs,
    log,
    scanning: {
      scanner: config.clamdAddress && createClamdScanner(config.clamdAddress),
      acceptsUnscanned: config.acceptsUnscannedFiles,
      sandboxScanner,
    },
    letters: createLetterPreviews({ clock: systemClock, db }, { typesetter, inspector }),
    close: async () => {
      await Promise.all([typesetter.close(), inspector.close()]);
    },
  };
}
