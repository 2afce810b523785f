/** Letters in, PDFs out. What sets them runs in a thread of its own, so that a letter holds up nothing else. */
import { ThreadPool } from "../threads/thread-pool.ts";
import type { Letter, LetterGeometry, TypesetLetter } from "./letter.ts";
import type { EngineName } from "./letter-engine.ts";
import type { TypesetSettings, TypesetSkills } from "./typeset-thread.ts";

/** The slower engine takes a second for a long letter on a busy machine. */
const TIMEOUT_MS = 30_000;
const HEAP_MB = 512;
const GROWTH_MB = 1_024;

export interface LetterTypesetter {
  /** Throws when a letter cannot be set at all, as with an attachment that is no PDF. */
  typeset(letter: Letter): Promise<TypesetLetter>;
  /** Which engine sets them on this machine. */
  engine(): Promise<EngineName>;
  close(): Promise<void>;
}

export interface TypesetterOptions {
  readonly geometry: LetterGeometry;
  /** Letters set at the same time; each thread holds some 100 MB. */
  readonly threads?: number;
  /** For tests: this engine, wherever it runs. */
  readonly engine?: EngineName;
}

export function openLetterTypesetter({ geometry, threads = 1, engine }: TypesetterOptions): LetterTypesetter {
  const settings: TypesetSettings = { geometry, engine };
  const limits = { timeoutMs: TIMEOUT_MS, heapMb: HEAP_MB, growthMb: GROWTH_MB };
  const pool = new ThreadPool<TypesetSkills>({ module: "platform/pdf/typeset-thread", threads, limits, settings });
  const ask = async <Name extends keyof TypesetSkills>(name: Name, order: TypesetSkills[Name]["order"]) => {
    const outcome = await pool.ask(name, order);
    if (outcome.kind === "answered") return outcome.answer;
    throw new Error(`No letter was set: ${"message" in outcome ? outcome.message : outcome.kind}`);
  };
  return {
    typeset: (letter) => ask("typeset", letter),
    engine: () => ask("engine", undefined),
    close: () => pool.close(),
  };
}
