/**
 * Two carriers under a steady load, one of them in trouble: how soon the other has all of it, and how soon the share comes back.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { applyDeclaration } from "../../src/cli/apply/apply.ts";
import { readDeclaration } from "../../src/cli/apply/declaration.ts";
import { parseFile } from "../../src/cli/apply/parse-file.ts";
import type { CarrierFaults } from "../../src/sandbox/carrier/faults.ts";
import type { CarrierSkills } from "../helpers/carrier.ts";
import { type Helper, startHelper } from "../helpers/helper.ts";
import { freePorts } from "../measure/free-ports.ts";
import { startProduct } from "../product.ts";
import type { Site } from "../site.ts";

export const OFFERED_PER_SECOND = 500;
const CONNECTIONS = 64;
const SAMPLE_MS = 100;
/** A share is told over so many samples. */
const SAMPLES = 5;
const MOVED_SHARE = 0.1;
const RESTORED_SHARE = 0.4;
const STEADY_MS = 6_000;
const WAIT_MAX_MS = 60_000;
const SETTLE_MS = 3_000;
const LOAD_MAX_SECONDS = 600;
const DRAIN_MAX_MS = 60_000;
/** It comes back in fifteen seconds instead of forty; when it counts as being in trouble is as it usually is. */
const HEALTH = "{ openSeconds: 3, stepSeconds: 3 }";

const WELL: Partial<CarrierFaults> = {
  dropAfter: 0,
  refuseBinds: false,
  answerDelayMs: 0,
  maxPerSecond: 0,
  swallowReceipts: false,
};
const TROUBLES = {
  killed: { dropAfter: 1, refuseBinds: true },
  slowed: { answerDelayMs: 8_000 },
  throttling: { maxPerSecond: 20 },
  "swallowing receipts": { swallowReceipts: true },
} as const satisfies Record<string, Partial<CarrierFaults>>;

export interface FailoverRun {
  failoverMs: number;
  /** Undefined where it did not come back within a minute, as a throttled carrier need not. */
  restoredMs: number | undefined;
}

export interface CarriersRun {
  failover: Record<string, FailoverRun>;
  accepted: number;
  /** Accepted, and handed to nobody. */
  lost: number;
}

export async function measureCarriers(site: Site, onProgress: (line: string) => void): Promise<CarriersRun> {
  const [first, second] = [
    await startHelper<CarrierSkills>("./carrier.ts"),
    await startHelper<CarrierSkills>("./carrier.ts"),
  ];
  try {
    await declare(site, { first, second });
    const product = await startProduct(site, "all");
    try {
      return await measureTroubles(site, { first, second }, onProgress);
    } finally {
      await product.stop();
    }
  } finally {
    await Promise.all([first.stop(), second.stop()]);
  }
}

type Pair = Record<"first" | "second", Helper<CarrierSkills>>;

async function declare({ installation }: Site, pair: Pair): Promise<void> {
  const [firstPort = 0, secondPort = 0] = await freePorts(2);
  await pair.first.ask("listen", { port: firstPort, systemId: "first", password: "bench" });
  await pair.second.ask("listen", { port: secondPort, systemId: "second", password: "bench" });
  const provider = (name: string, port: number) =>
    `  - { name: ${name}, channel: sms, kind: smpp, secrets: { password: bench }, settings: { host: 127.0.0.1, port: ${port}, systemId: ${name}, reconnectMaxMs: 1000, health: ${HEALTH} } }\n`;
  const route = (name: string) => `  - { provider: ${name}, key_kinds: [live], position: 1 }\n`;
  const names = { first: firstPort, second: secondPort };
  const text = `providers:\n${Object.entries(names)
    .map(([name, port]) => provider(name, port))
    .join("")}routes:\n${Object.keys(names).map(route).join("")}`;
  const declaration = readDeclaration(parseFile(text, { name: "carriers.yaml", environment: {} }));
  const options = { declaration, actor: "bench", prunes: false, isDryRun: false };
  await applyDeclaration(installation.db, installation.keys, options);
}

async function measureTroubles(site: Site, pair: Pair, onProgress: (line: string) => void): Promise<CarriersRun> {
  const { target, helpers } = site;
  const watch = startWatch(pair);
  const load = helpers.generator.ask("load", {
    target,
    name: "steady",
    connections: CONNECTIONS,
    seconds: LOAD_MAX_SECONDS,
    perSecond: OFFERED_PER_SECOND,
  });
  const failover: Record<string, FailoverRun> = {};
  await sleep(SETTLE_MS);
  await untilShare(watch, (share) => share > RESTORED_SHARE);
  for (const [name, faults] of Object.entries(TROUBLES)) {
    await sleep(STEADY_MS);
    await pair.first.ask("setFaults", faults);
    // A throttling carrier is asked now and then what it bears.
    const failoverMs = await untilShare(watch, (share) => share < MOVED_SHARE);
    await pair.first.ask("setFaults", WELL);
    const restoredMs = await untilShare(watch, (share) => share > RESTORED_SHARE);
    failover[name] = { failoverMs: failoverMs ?? Number.POSITIVE_INFINITY, restoredMs };
    onProgress(
      `${name}: ${failoverMs?.toFixed(0)} ms until the other has all, ${restoredMs?.toFixed(0)} ms until the share is back`,
    );
  }
  watch.stop();
  await helpers.generator.ask("endLoad", undefined as never);
  const { accepted } = await load;
  return { failover, accepted, lost: await countLost(site) };
}

/** What nobody has been handed when all retries have had their time. */
async function countLost({ installation, target }: Site): Promise<number> {
  const startedAtMs = performance.now();
  let lost = Number.POSITIVE_INFINITY;
  while (lost > 0 && performance.now() - startedAtMs < DRAIN_MAX_MS) {
    await sleep(SAMPLE_MS);
    const [row] = await installation.db.query<{ lost: number }>`
      select count(*) as lost from notifications n
      where n.service_id = ${target.serviceId} and n.status not in ('sending', 'delivered')`;
    lost = row?.lost ?? lost;
  }
  return lost;
}

interface Watch {
  /** Of what was offered lately, what the first carrier has had; undefined until enough is known. */
  share(): number | undefined;
  stop(): void;
}

function startWatch({ first }: Pair): Watch {
  const samples: { atMs: number; submits: number }[] = [];
  const timer = setInterval(async () => {
    samples.push({ atMs: performance.now(), submits: await first.ask("submits", undefined as never) });
  }, SAMPLE_MS);
  return {
    share: () => {
      const [then, now] = [samples.at(-1 - SAMPLES), samples.at(-1)];
      if (!then || !now) return undefined;
      return (now.submits - then.submits) / ((OFFERED_PER_SECOND * (now.atMs - then.atMs)) / 1_000);
    },
    stop: () => clearInterval(timer),
  };
}

/** Milliseconds until it is so, counted from now. */
async function untilShare({ share }: Watch, isSo: (share: number) => boolean): Promise<number | undefined> {
  const startedAtMs = performance.now();
  while (performance.now() - startedAtMs < WAIT_MAX_MS) {
    await sleep(SAMPLE_MS / 2);
    const known = share();
    if (known !== undefined && performance.now() - startedAtMs > SAMPLES * SAMPLE_MS && isSo(known))
      return performance.now() - startedAtMs;
  }
  return undefined;
}
