/**
 * One-time codes of one service while another sends in bulk: a hundred thousand texts are handed in as fast as they are taken, and wait in
 * the same queue for the same carrier. How long does a code take from its answer until it is with the carrier?
 */

import type { GeneratorSkills } from "../helpers/generator.ts";
import { startHelper } from "../helpers/helper.ts";
import { percentile } from "../measure/statistics.ts";
import { startProduct } from "../product.ts";
import type { Site } from "../site.ts";
import type { Spread } from "./latency.ts";

const BULK_TEXTS = 100_000;
const BULK_CONNECTIONS = 32;
const BULK_SECONDS_MAX = 120;
const WARM_UP_CODES = 50;
const CODES = 300;
const GAP_MS = 40;

export interface CodesRun {
  codes: number;
  /** From the 201 until the text was with the carrier. */
  answerToCarrier: Spread;
  answer: Spread;
  /** Of the bulk, what the carrier had got and what it had not when the last code came. */
  bulkSent: number;
  bulkWaiting: number;
}

export async function measureCodes(site: Site): Promise<CodesRun> {
  const product = await startProduct(site, "all");
  // A process of its own: codes must not wait for the generator of the bulk.
  const caller = await startHelper<GeneratorSkills>("./generator.ts");
  try {
    return await measure(site, (order) => caller.ask("oneByOne", order));
  } finally {
    await caller.stop();
    await product.stop();
    await site.installation.db.query`delete from jobs`;
  }
}

type AskForCodes = (order: Parameters<GeneratorSkills["oneByOne"]>[0]) => ReturnType<GeneratorSkills["oneByOne"]>;

async function measure({ helpers, target, bulkTarget }: Site, ask: AskForCodes): Promise<CodesRun> {
  const codes = { target: { ...target, priority: "high" as const }, gapMs: GAP_MS };
  await ask({ ...codes, name: "warm-up", count: WARM_UP_CODES });
  await helpers.carrier.ask("noteTimes", true as never);
  const bulk = { target: bulkTarget, name: "bulk", connections: BULK_CONNECTIONS, seconds: BULK_SECONDS_MAX };
  const bulkDone = helpers.generator.ask("load", { ...bulk, countMax: BULK_TEXTS });
  const sent = await ask({ ...codes, name: "code", count: CODES });
  const carried = await helpers.carrier.ask("times", undefined as never);
  const { accepted, refused } = await bulkDone;
  await helpers.carrier.ask("noteTimes", false as never);
  if (accepted + refused < BULK_TEXTS) throw new Error("the bulk was not handed in");
  const lost = sent.filter(({ token }) => !carried.has(token));
  if (lost.length > 0) throw new Error(`${lost.length} codes were accepted and did not arrive`);
  const bulkSent = [...carried.keys()].filter((token) => token.startsWith("bulk-")).length;
  return {
    codes: sent.length,
    answerToCarrier: spread(sent.map(({ token, answeredAtMs }) => (carried.get(token) ?? 0) - answeredAtMs)),
    answer: spread(sent.map(({ sentAtMs, answeredAtMs }) => answeredAtMs - sentAtMs)),
    bulkSent,
    bulkWaiting: BULK_TEXTS - bulkSent,
  };
}

function spread(values: readonly number[]): Spread {
  return { p50Ms: percentile(values, 0.5), p99Ms: percentile(values, 0.99) };
}
