/**
 * The whole way: a request over HTTP, a text over SMPP, the carrier's receipt, one callback. A closed loop of requests for some
 * seconds, and then until the last callback has come; the rate counts messages whose callback came, over all of that time.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { LoadResult } from "../helpers/generator.ts";
import type { Target } from "../helpers/requests.ts";
import type { Heard } from "../helpers/sink.ts";
import { type Kannel, type Store, startKannel } from "../kannel.ts";
import { percentile } from "../measure/statistics.ts";
import { type ByRole, perMessage, residentNow, residentPeak, startUsage } from "../measure/usage.ts";
import type { Effort } from "../options.ts";
import { type Product, startProduct } from "../product.ts";
import type { Site } from "../site.ts";

/** Each at the number at which it did best: Kannel takes in faster than it sends, and more only lengthens its backlog. */
const PRODUCT_CONNECTIONS = 64;
const KANNEL_CONNECTIONS = 16;
const DRAIN_POLL_MS = 10;
const NO_PROGRESS_MS = 15_000;
const REST_MS = 2_000;

export interface LoopRun {
  acceptedPerSecond: number;
  completedPerSecond: number;
  messages: number;
  /** Accepted, and never heard of. */
  lost: number;
  notDelivered: number;
  repeated: number;
  p50Ms: number;
  p99Ms: number;
  /** Microseconds of processor time for each message. */
  cpu: ByRole;
  othersShare: number;
  atRestMb: ByRole;
  peakMb: ByRole;
}

export async function measureProductLoop(site: Site, effort: Effort): Promise<LoopRun> {
  const product = await startProduct(site, "all");
  try {
    const run = await measureLoop(site, effort, { ...ofProduct(site, product), usesDatabase: true });
    await refuseUndelivered(site);
    return run;
  } finally {
    await product.stop();
  }
}

function ofProduct(site: Site, product: Product) {
  return { target: site.target, connections: PRODUCT_CONNECTIONS, roles: () => product.roles() };
}

export async function measureKannelLoop(site: Site, effort: Effort, store: Store): Promise<LoopRun> {
  const kannel = await startKannel(site, store);
  try {
    return await measureLoop(site, effort, { ...ofKannel(kannel), usesDatabase: false });
  } finally {
    await kannel.stop();
  }
}

function ofKannel({ target, roles }: Kannel) {
  return { target, connections: KANNEL_CONNECTIONS, roles };
}

interface Measured {
  target: Target;
  connections: number;
  roles: () => Map<string, number>;
  usesDatabase: boolean;
}

async function measureLoop(site: Site, effort: Effort, measured: Measured): Promise<LoopRun> {
  await sleep(REST_MS);
  const roles = measured.roles();
  const atRestMb = residentNow(site, roles);
  await loadAndDrain(site, measured, { name: "warm", seconds: effort.warmUpSeconds });
  const usage = startUsage(site, roles, measured.usesDatabase);
  const { result, heard } = await loadAndDrain(site, measured, { name: "loop", seconds: effort.seconds });
  const used = perMessage(usage(), heard.messages);
  const { startedAtMs, endedAtMs, accepted, tookMs } = result;
  return {
    acceptedPerSecond: (accepted / (endedAtMs - startedAtMs)) * 1_000,
    completedPerSecond: (heard.messages / (Math.max(heard.lastAtMs, endedAtMs) - startedAtMs)) * 1_000,
    messages: accepted,
    lost: accepted - heard.messages,
    notDelivered: heard.messages - heard.delivered,
    repeated: heard.repeated,
    p50Ms: percentile(tookMs, 0.5),
    p99Ms: percentile(tookMs, 0.99),
    ...used,
    atRestMb,
    peakMb: residentPeak(site, roles),
  };
}

interface Loaded {
  result: LoadResult;
  heard: Heard;
}

async function loadAndDrain(
  { helpers }: Site,
  { target, connections }: Measured,
  load: { name: string; seconds: number },
): Promise<Loaded> {
  await helpers.sink.ask("reset", undefined as never);
  const result = await helpers.generator.ask("load", { target, connections, ...load });
  if (result.refused > 0) throw new Error(`${result.refused} requests were refused, the first: ${result.example}`);
  return { result, heard: await drain(helpers.sink, result.accepted) };
}

/** Waits for the callback of every message, as long as they keep coming. */
async function drain(sink: Site["helpers"]["sink"], expected: number): Promise<Heard> {
  let heard = await sink.ask("heard", undefined as never);
  let progressAtMs = performance.now();
  while (heard.messages < expected && performance.now() - progressAtMs < NO_PROGRESS_MS) {
    await sleep(DRAIN_POLL_MS);
    const now = await sink.ask("heard", undefined as never);
    if (now.messages > heard.messages) progressAtMs = performance.now();
    heard = now;
  }
  return heard;
}

/** What the callbacks said must be what was written. */
async function refuseUndelivered({ installation, target }: Site): Promise<void> {
  const rows = await installation.db.query<{ status: string; count: number }>`
    select n.status, count(*) as count from notifications n
    where n.service_id = ${target.serviceId} and n.provider is not null group by n.status`;
  const others = rows.filter(({ status }) => status !== "delivered");
  if (others.length > 0) throw new Error(`not all messages ended delivered: ${JSON.stringify(rows)}`);
}
