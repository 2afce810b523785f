/**
 * Letters: how long one takes to set when everything is warm, how many one thread sets in a row and what that leaves in memory, and how
 * long reading a letter of ten pages from outside takes. Once, whatever the number of runs; nothing else is needed for it.
 */
import { performance } from "node:perf_hooks";
import { LETTER_GEOMETRY } from "../../src/core/letter/page-geometry.ts";
import type { Letter } from "../../src/platform/pdf/letter.ts";
import { type LetterTypesetter, openLetterTypesetter } from "../../src/platform/pdf/letter-typesetter.ts";
import { openPdfInspector } from "../../src/platform/pdf/pdf-inspector.ts";
import { EXAMPLE_LOGO, englishPart, LETTER_RULES, letterOf, longBlocks } from "../../test/support/letters.ts";
import { memoryOf } from "../measure/processes.ts";
import { median, percentile } from "../measure/statistics.ts";

export const LETTERS = 5_000;
const WARM_UP_LETTERS = 500;
const READINGS = 5;
/** Of the blocks that the tests' long letters are made of. */
const TEN_PAGES_OF_BLOCKS = 90;
const TEN_PAGES = 10;
const MICROSECONDS = 1_000_000;

export interface LettersRun {
  engine: string;
  p50Ms: number;
  p99Ms: number;
  lettersPerSecond: number;
  /** Of the processor's time of this process, whatever else the machine did. */
  lettersPerProcessorSecond: number;
  /** After the warm-up, and after all. */
  beforeMb: number;
  afterMb: number;
  tenPagesReadMs: number;
}

export async function measureLetters(): Promise<LettersRun> {
  const typesetter = openLetterTypesetter({ geometry: LETTER_GEOMETRY });
  try {
    await setLetters(typesetter, WARM_UP_LETTERS);
    const beforeMb = memoryOf(process.pid).residentMb;
    const setting = await timeLetters(typesetter);
    const afterMb = memoryOf(process.pid).residentMb;
    const tenPagesReadMs = await timeReading(typesetter);
    return { engine: await typesetter.engine(), ...setting, beforeMb, afterMb, tenPagesReadMs };
  } finally {
    await typesetter.close();
  }
}

async function timeLetters(typesetter: LetterTypesetter) {
  const [startedAt, processor] = [performance.now(), process.cpuUsage()];
  const times = await setLetters(typesetter, LETTERS);
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(processor);
  return {
    p50Ms: median(times),
    p99Ms: percentile(times, 0.99),
    lettersPerSecond: LETTERS / seconds,
    lettersPerProcessorSecond: LETTERS / ((user + system) / MICROSECONDS),
  };
}

/** One after the other, each to somebody else. */
async function setLetters(typesetter: LetterTypesetter, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let number = 0; number < count; number++) {
    const letter = letterTo(number);
    const startedAt = performance.now();
    await typesetter.typeset(letter);
    times.push(performance.now() - startedAt);
  }
  return times;
}

function letterTo(number: number): Letter {
  const part = englishPart();
  const addressLines = [`Recipient ${number}`, ...part.addressLines.slice(1)];
  const logo = { format: "svg", bytes: EXAMPLE_LOGO, description: "Example Council" } as const;
  return { ...letterOf({ ...part, addressLines }), logo };
}

async function timeReading(typesetter: LetterTypesetter): Promise<number> {
  const { pdf, pages } = await typesetter.typeset(letterOf(englishPart({ blocks: longBlocks(TEN_PAGES_OF_BLOCKS) })));
  if (pages !== TEN_PAGES) throw new Error(`the long letter has ${pages} pages`);
  const inspector = openPdfInspector();
  try {
    const times: number[] = [];
    for (let reading = 0; reading <= READINGS; reading++) {
      const startedAt = performance.now();
      const found = await inspector.inspect(pdf, LETTER_RULES);
      if (found.kind !== "read") throw new Error("the long letter could not be read");
      if (reading > 0) times.push(performance.now() - startedAt); // the first waits for its thread
    }
    return median(times);
  } finally {
    await inspector.close();
  }
}
