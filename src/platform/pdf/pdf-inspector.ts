/**
 * PDFs from outside: what is in them, how their pages look, and what can be made good. They are read in threads with limits on time and
 * memory, so that a file made to harm ends its reader at worst.
 */
import { ThreadPool } from "../threads/thread-pool.ts";
import type {
  Inspection,
  InspectionRules,
  Mended,
  MendOrder,
  Picture,
  PictureOrder,
  Unreadable,
} from "./inspect/inspection.ts";
import type { InspectSkills } from "./inspect-thread.ts";

/** Ten pages full of pictures take some three seconds. */
const TIMEOUT_MS = 20_000;
const HEAP_MB = 384;
/** A page at 600 dots an inch is 140 MB, and is held twice while it is drawn. */
const GROWTH_MB = 512;

export interface PdfInspector {
  inspect(pdf: Uint8Array, rules: InspectionRules): Promise<Inspection>;
  /** A page as PNG. */
  picture(order: PictureOrder): Promise<Picture>;
  mend(order: MendOrder): Promise<Mended>;
  close(): Promise<void>;
}

export interface InspectorOptions {
  /** Files read at the same time; each thread holds some 100 MB. */
  readonly threads?: number;
  /** For tests: shorter than the usual. */
  readonly timeoutMs?: number;
}

export function openPdfInspector({ threads = 1, timeoutMs = TIMEOUT_MS }: InspectorOptions = {}): PdfInspector {
  const limits = { timeoutMs, heapMb: HEAP_MB, growthMb: GROWTH_MB };
  const pool = new ThreadPool<InspectSkills>({ module: "platform/pdf/inspect-thread", threads, limits });
  const ask = async <Name extends keyof InspectSkills>(
    name: Name,
    order: InspectSkills[Name]["order"],
  ): Promise<InspectSkills[Name]["answer"] | { kind: "unreadable"; why: Unreadable }> => {
    const outcome = await pool.ask(name, order);
    if (outcome.kind === "answered") return outcome.answer;
    return { kind: "unreadable", why: reasonOf(outcome.kind) };
  };
  return {
    inspect: (pdf, rules) => ask("inspect", { pdf, rules }),
    picture: (order) => ask("picture", order),
    mend: async (order) => {
      const mended = await ask("mend", order);
      return mended.kind === "mended" && !mended.isChanged ? { ...mended, pdf: order.pdf } : mended;
    },
    close: () => pool.close(),
  };
}

function reasonOf(kind: "failed" | "died" | "too-slow" | "too-much-memory"): Unreadable {
  if (kind === "failed") return "damaged";
  return kind === "died" ? "reader-died" : kind;
}
