/**
 * Two carriers share the traffic and one of them gets into trouble: it dies, slows down, throttles, or swallows its receipts. The other
 * takes over within seconds, nothing is lost, and the first gets its share again once it is well. All four at once, under steady load.
 */
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { CarrierFaults } from "../../src/sandbox/carrier/faults.ts";
import { makeCarrier, startWorkings, type Workings } from "../support/workings.ts";
import { createWorld, type World } from "../support/world.ts";

const FAILOVER_MAX_MS = 5_000;
const SEND_EVERY_MS = 40;
const OFFERED_PER_SECOND = 1_000 / SEND_EVERY_MS;
const SAMPLE_EVERY_MS = 100;
const SAMPLES_LOOKED_AT = 8;
const WAIT = { timeout: 40_000, interval: 50 };
const HEALTH = { slowAnswerMs: 300, silentSeconds: 1, leastMessages: 6, openSeconds: 1, stepSeconds: 1 };
const WELL: Partial<CarrierFaults> = {
  dropAfter: 0,
  refuseBinds: false,
  answerDelayMs: 0,
  maxPerSecond: 0,
  swallowReceipts: false,
};
const TROUBLES = {
  killed: { dropAfter: 1, refuseBinds: true },
  slowed: { answerDelayMs: 3_000 },
  throttled: { maxPerSecond: 2 },
  silent: { swallowReceipts: true },
} as const satisfies Record<string, Partial<CarrierFaults>>;
type TroubleName = keyof typeof TROUBLES;

let world: World;
let workings: Workings;
let pairs: Pair[];
let sampling: NodeJS.Timeout;

beforeAll(async () => {
  world = await createWorld();
  pairs = [];
  for (const name of Object.keys(TROUBLES) as TroubleName[]) pairs.push(await makePair(name));
  workings = await startWorkings(world.app);
  sampling = setInterval(() => pairs.forEach(sample), SAMPLE_EVERY_MS);
});
afterAll(async () => {
  clearInterval(sampling);
  await workings.stop();
  await Promise.all(pairs.flatMap(({ first, second }) => [first.stop(), second.stop()]));
  await world.close();
});

type Pair = Awaited<ReturnType<typeof makePair>>;

/** A service whose texts two carriers share. */
async function makePair(name: TroubleName) {
  const service = await world.service({ name });
  const template = await world.template(service, { body: "Number ((number))" });
  const wish = { health: HEALTH, serviceId: service.id };
  const first = await makeCarrier(world.app, { ...wish, name: `${name}-a` });
  const second = await makeCarrier(world.app, { ...wish, name: `${name}-b` });
  const samples: { offered: number; first: number; second: number }[] = [];
  return { name, service, template, first, second, samples };
}

/** How many texts of each service have been sent so far. */
let offered = 0;

/** How many submits each has taken. */
function sample({ first, second, samples }: Pair): void {
  samples.push({ offered, first: first.counts().submits, second: second.counts().submits });
}

/** Of the latest samples, so that it tells of a change only when that is as old as they are: what share the first has had of what was offered. */
function shareOfFirst({ samples }: Pair): number {
  const [then, now] = [samples.at(-1 - SAMPLES_LOOKED_AT), samples.at(-1)];
  return then && now ? (now.first - then.first) / (now.offered - then.offered) : Number.NaN;
}

function hasMoved(pair: Pair): boolean {
  return shareOfFirst(pair) < 0.2;
}

async function under<T>(work: () => Promise<T>): Promise<{ result: T; ids: string[] }> {
  const sent: Promise<{ id: string }>[] = [];
  const timer = setInterval(() => {
    offered += 1;
    for (const { service, template } of pairs) {
      const personalisation = { number: `<${sent.length}>` };
      sent.push(workings.send({ service, template, to: "07700 900123", personalisation }));
    }
  }, SEND_EVERY_MS);
  try {
    const result = await work();
    clearInterval(timer);
    return { result, ids: (await Promise.all(sent)).map(({ id }) => id) };
  } finally {
    clearInterval(timer);
  }
}

/** By the samples that were taken meanwhile, which come late where the machine stands still: carriers are on trial, not processors. */
async function timeTo(what: (pair: Pair) => boolean): Promise<Record<string, number>> {
  const times = pairs.map(async (pair) => {
    const before = pair.samples.length;
    await vi.waitUntil(() => what(pair), WAIT);
    return [pair.name, (pair.samples.length - before) * SAMPLE_EVERY_MS] as const;
  });
  return Object.fromEntries(await Promise.all(times));
}

it("hands over to the other carrier within five seconds, loses nothing, and gives the share back", async () => {
  const { result: failedOver, ids } = await under(async () => {
    await timeTo(({ first, second }) => Math.min(first.counts().submits, second.counts().submits) > OFFERED_PER_SECOND);
    for (const { name, first } of pairs) first.setFaults(TROUBLES[name]);
    const times = await timeTo(hasMoved);
    for (const { first } of pairs) first.setFaults(WELL);
    // A throttled carrier gets back what it bears by and by, as its pace says.
    await timeTo((pair) => pair.name === "throttled" || shareOfFirst(pair) > 0.3);
    return times;
  });
  const tooLate = Object.entries(failedOver).filter(
    ([, ms]) => ms > FAILOVER_MAX_MS + SAMPLES_LOOKED_AT * SAMPLE_EVERY_MS,
  );
  expect(tooLate).toEqual([]);
  const arrived = () => new Set(pairs.flatMap(({ first, second }) => [...first.texts, ...second.texts]).map(numberOf));
  await vi.waitFor(() => expect(arrived().size).toBe(ids.length), WAIT);
  await vi.waitFor(async () => expect(await countUnended()).toBeLessThan(silentlyTaken()), WAIT);
}, 120_000);

function numberOf(text: string): string | undefined {
  return /<(\d+)>/.exec(text)?.[1];
}

/** Only those whose receipts were swallowed are still waited for. */
async function countUnended(): Promise<number> {
  const [row] = await world.app.db.query<{ count: number }>`
    select count(*) from notifications n where n.status <> 'delivered'`;
  return row?.count ?? 0;
}

function silentlyTaken(): number {
  return pairs.find(({ name }) => name === "silent")?.first.counts().submits ?? 0;
}
