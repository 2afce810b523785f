/** What letters need of a worker: threads that set them on paper and read those that came as PDFs, and hands that bring them to print. */
import { LETTER_GEOMETRY } from "../core/letter/page-geometry.ts";
import type { App } from "../flow/app.ts";
import type { Fleet } from "../flow/dispatch/fleet.ts";
import { startLetterWorker } from "../flow/letters/letter-worker.ts";
import { startPrintWorker } from "../flow/letters/print-worker.ts";
import { openLetterTypesetter } from "../platform/pdf/letter-typesetter.ts";
import { openPdfInspector } from "../platform/pdf/pdf-inspector.ts";

/** Stops when what is in hand is done. */
export async function startLetterWorks(app: App, fleet: Fleet): Promise<{ stop(): Promise<void> }> {
  const typesetter = openLetterTypesetter({ geometry: LETTER_GEOMETRY });
  const inspector = openPdfInspector();
  const letters = await startLetterWorker({ app, typesetter, inspector });
  const printing = await startPrintWorker({ app, fleet });
  return {
    stop: async () => {
      await Promise.all([letters.stop(), printing.stop()]);
      await Promise.all([typesetter.close(), inspector.close()]);
    },
  };
}
