/**
 * How long a lone request takes: one at a time, with a pause between them, and nothing else to do. Every message asks for a receipt, which
 * comes at once. That is what slows Kannel's answers here: of messages without receipts it answers in under a millisecond.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { TimedRequest } from "../helpers/generator.ts";
import type { Target } from "../helpers/requests.ts";
import { type Store, startKannel } from "../kannel.ts";
import { percentile } from "../measure/statistics.ts";
import type { Effort } from "../options.ts";
import { startProduct } from "../product.ts";
import type { Site } from "../site.ts";

const GAP_MS = 8;
const WARM_UP_REQUESTS = 200;
const CALLBACKS_WITHIN_MS = 10_000;
const POLL_MS = 20;

export interface Spread {
  p50Ms: number;
  p99Ms: number;
}

export interface LatencyRun {
  requests: number;
  answer: Spread;
  /** From sending the request until the text was with the carrier. */
  toCarrier: Spread;
  /** From the answer until then; below zero where the text was quicker than the answer. */
  answerToCarrier: Spread;
  /** From sending the request until the service was told that it is delivered. */
  toCallback: Spread;
}

export async function measureProductLatency(site: Site, effort: Effort): Promise<LatencyRun> {
  const product = await startProduct(site, "all");
  try {
    return await measureLatency(site, site.target, effort.oneByOneRequests);
  } finally {
    await product.stop();
  }
}

export async function measureKannelLatency(site: Site, effort: Effort, store: Store): Promise<LatencyRun> {
  const kannel = await startKannel(site, store);
  try {
    return await measureLatency(site, kannel.target, effort.oneByOneRequests);
  } finally {
    await kannel.stop();
  }
}

async function measureLatency({ helpers }: Site, target: Target, count: number): Promise<LatencyRun> {
  const { generator, carrier, sink } = helpers;
  await sink.ask("reset", undefined as never);
  await generator.ask("oneByOne", { target, name: "warm", count: WARM_UP_REQUESTS, gapMs: GAP_MS });
  await untilHeard(helpers, WARM_UP_REQUESTS);
  await carrier.ask("noteTimes", true as never);
  await sink.ask("reset", undefined as never);
  const requests = await generator.ask("oneByOne", { target, name: "lone", count, gapMs: GAP_MS });
  await untilHeard(helpers, count);
  const carried = await carrier.ask("times", undefined as never);
  const heard = await sink.ask("times", undefined as never);
  await carrier.ask("noteTimes", false as never);
  return {
    requests: count,
    answer: spread(requests.map(({ sentAtMs, answeredAtMs }) => answeredAtMs - sentAtMs)),
    toCarrier: spread(requests.map((request) => at(carried, request) - request.sentAtMs)),
    answerToCarrier: spread(requests.map((request) => at(carried, request) - request.answeredAtMs)),
    toCallback: spread(requests.map((request) => at(heard, request) - request.sentAtMs)),
  };
}

function at(times: ReadonlyMap<string, number>, { token }: TimedRequest): number {
  const time = times.get(token);
  if (time === undefined) throw new Error(`message ${token} was accepted and did not arrive`);
  return time;
}

async function untilHeard({ sink }: Site["helpers"], count: number): Promise<void> {
  const deadline = performance.now() + CALLBACKS_WITHIN_MS;
  while ((await sink.ask("heard", undefined as never)).messages < count) {
    if (performance.now() > deadline) throw new Error("not every message's callback has come");
    await sleep(POLL_MS);
  }
}

function spread(values: readonly number[]): Spread {
  return { p50Ms: percentile(values, 0.5), p99Ms: percentile(values, 0.99) };
}
