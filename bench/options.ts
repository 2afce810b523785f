/** What the benchmark was asked for on its command line. */
import { parseArgs } from "node:util";

const CASES = ["a", "b", "c", "kannel", "files", "admin", "letters", "carriers", "codes"] as const;
export type Case = (typeof CASES)[number];

/** How long and how often everything is measured. */
export interface Effort {
  runs: number;
  seconds: number;
  warmUpSeconds: number;
  oneByOneRequests: number;
}

export interface Options {
  effort: Effort;
  cases: ReadonlySet<Case>;
  jsonFile: string | undefined;
}

const FULL: Effort = { runs: 3, seconds: 8, warmUpSeconds: 3, oneByOneRequests: 400 };
const QUICK: Effort = { runs: 1, seconds: 3, warmUpSeconds: 2, oneByOneRequests: 100 };

const USAGE = `npm run bench -- [--quick] [--only a|b|c|kannel|files|admin|letters|carriers|codes]… [--runs N] [--seconds N] [--warm-up SECONDS] [--json FILE]
  a       intake alone        b       the whole way, with Kannel beside it unless it is missing
  c       lone requests       kannel  Kannel by itself
  files   an email with a file of two megabytes, without clamd
  admin   pages and searches of the admin web, with a million messages (once, whatever the number of runs)
  letters setting 5,000 letters and reading one of ten pages (once as well)
  carriers the pace of binds, and one of two carriers in trouble at 500 messages a second (once as well)
  codes   one-time codes while another service sends 100,000 texts`;

/** Throws with the usage when there is something it does not know. */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: "boolean", default: false },
      only: { type: "string", multiple: true, default: [...CASES] },
      runs: { type: "string" },
      "warm-up": { type: "string" },
      seconds: { type: "string" },
      json: { type: "string" },
    },
  });
  const usual = values.quick ? QUICK : FULL;
  const effort = {
    ...usual,
    runs: readCount("runs", values.runs, usual.runs),
    seconds: readCount("seconds", values.seconds, usual.seconds),
    warmUpSeconds: readCount("warm-up", values["warm-up"], usual.warmUpSeconds),
  };
  return { effort, cases: new Set(values.only.map(readCase)), jsonFile: values.json };
}

function readCount(name: string, given: string | undefined, usual: number): number {
  const count = given === undefined ? usual : Number(given);
  if (!Number.isInteger(count) || count < 1) throw new Error(`--${name} must be a whole number from 1\n${USAGE}`);
  return count;
}

function readCase(name: string): Case {
  const found = CASES.find((known) => known === name);
  if (!found) throw new Error(`There is no case "${name}"\n${USAGE}`);
  return found;
}
