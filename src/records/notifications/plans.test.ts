/**
 * The statements that run thousands of times a second read what they need by an index, and only in the days it is in: with statistics
 * and without (a partition that midnight has just brought into use), planned anew and by a plan kept for any values.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../test/support/database.ts";
import { PATIENCE } from "../../../test/support/patience.ts";
import { type Database, openDatabase, type Tx } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { acknowledge, consume, enqueue, extend, LANES, retryAt } from "../../platform/queue.ts";
import { makePartitionsAround, startOfDay } from "../partitions/partition-store.ts";
import {
  deleteAwaitedReceipts,
  findAwaitedReceipts,
  insertAwaitedReceipts,
  listStillAwaited,
} from "./awaited-receipt-store.ts";
import type { NewNotification } from "./notification.ts";
import {
  findNotification,
  getDeliveryStates,
  getNotifications,
  insertNotifications,
  listNotifications,
  moveStatus,
  recordAccepted,
  recordAttempted,
  recordRepeated,
  replaceContents,
} from "./notification-store.ts";

const DAYS = [-1, 0, 1, 2] as const;
const NOTIFICATIONS_PER_DAY = 6_000;
const CHUNK = 2_000;
const BATCH = 200;
/** A statement gets its kept plan at the sixth time at the latest; a few more show that it stays. */
const TIMES = 8;
const QUEUE = "dispatch-sms";
const PROVIDER = "carrier";
const SERVICE = "7c9f9f9c-31f1-4f5c-8f0e-2f4e6ad5e001";
const OTHER_SERVICE = "7c9f9f9c-31f1-4f5c-8f0e-2f4e6ad5e002";
const NOW = new Date();

let database: TestDatabase;
let db: Database;
/** Today's, oldest first. */
let today: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  db = openDatabase({ url: database.url, maxConnections: 1, applicationName: "plans test" });
  await inSession("auto", makeTables);
});

afterAll(async () => {
  await db.close();
  await database.drop();
});

async function makeTables(session: Database): Promise<void> {
  await makePartitionsAround(session, NOW);
  for (const day of DAYS) {
    const ids = Array.from({ length: NOTIFICATIONS_PER_DAY }, (_, index) =>
      newId(new Date(startOfDay(NOW, day).getTime() + index * 10)),
    );
    for (let at = 0; at < ids.length; at += CHUNK) await fill(session, ids.slice(at, at + CHUNK));
    if (day === 0) today = ids;
  }
}

async function fill(session: Database, ids: string[]): Promise<void> {
  await session.transaction(async (tx) => {
    await insertNotifications(tx, ids.map(notification));
    await enqueue(tx, QUEUE, { entries: ids.map((id) => ({ id, lane: LANES.normal, group: SERVICE })) });
    await insertAwaitedReceipts(tx, PROVIDER, ids.map(awaited));
  });
}

function notification(id: string, index: number): NewNotification {
  return {
    id,
    serviceId: index % 2 === 0 ? SERVICE : OTHER_SERVICE,
    apiKeyId: undefined,
    createdByName: undefined,
    keyKind: "live",
    channel: "sms",
    status: "created",
    templateId: SERVICE,
    templateVersion: 1,
    reference: `reference ${id}`,
    sealedContent: Buffer.from("sealed"),
    recipientIndex: Buffer.from(id),
    sender: undefined,
    lane: LANES.normal,
    isInternational: false,
    hasReceipts: true,
    countryPrefix: "44",
    rateMultiplier: 1,
    fragments: 1,
    createdAt: NOW,
    scheduledFor: undefined,
    validUntil: undefined,
  };
}

function awaited(id: string) {
  return { messageId: `message ${id}`, notificationId: id, parts: 2 };
}

const messageIds = (ids: readonly string[]): string[] => ids.map((id) => awaited(id).messageId);

interface Read {
  table: string;
  /** Rows that whole-table scans went through. */
  rowsScanned: number;
  indexScans: number;
}

/** What has been read since the database was made, by the partitions and tables of the hot path. */
async function reads(): Promise<Read[]> {
  return await db.query<Read>`
    select s.relname::text as table, s.seq_tup_read as rows_scanned, coalesce(s.idx_scan, 0) as index_scans
    from pg_stat_user_tables s
    where s.relname in ('jobs', 'awaited_receipts') or s.relname like 'notifications\\_%' order by s.relname`;
}

/** Tells what `work` read in a session with this way of planning. */
async function readBy(mode: PlanMode, work: (session: Database) => Promise<void>): Promise<Read[]> {
  const before = new Map((await reads()).map((read) => [read.table, read]));
  await inSession(mode, work);
  return (await reads()).map(({ table, rowsScanned, indexScans }) => ({
    table,
    rowsScanned: rowsScanned - (before.get(table)?.rowsScanned ?? 0),
    indexScans: indexScans - (before.get(table)?.indexScans ?? 0),
  }));
}

/** A session hands in its counts when it ends. */
async function inSession(mode: PlanMode | "auto", work: (session: Database) => Promise<void>): Promise<void> {
  const url = new URL(database.url);
  const name = `plans ${mode} ${newId()}`;
  url.searchParams.set("options", `-c plan_cache_mode=${mode}`);
  const session = openDatabase({ url: url.href, maxConnections: 1, applicationName: name });
  await work(session).finally(() => session.close());
  await vi.waitFor(async () => {
    const left = await db.query`select a.pid from pg_stat_activity a where a.application_name = ${name}`;
    expect(left).toEqual([]);
  }, PATIENCE);
}

type PlanMode = "force_generic_plan" | "force_custom_plan";

/** Each time another batch of today's, so that no plan is right by chance. */
async function severalTimes(session: Database, work: (tx: Tx, ids: string[]) => Promise<unknown>): Promise<void> {
  for (let time = 0; time < TIMES; time++) {
    const ids = today.slice(time * BATCH, (time + 1) * BATCH);
    await session.transaction(async (tx) => {
      await work(tx, ids);
    });
  }
}

const move = { to: "sending", from: ["created", "sending"], at: NOW };
const handOver = (ids: string[]) => ({ ids, provider: PROVIDER, at: NOW, repeatedIds: [] });

const STATEMENTS: readonly [name: string, table: string, work: (tx: Tx, ids: string[]) => Promise<unknown>][] = [
  ["loading what is to be dispatched", "notifications", (tx, ids) => getNotifications(tx, ids)],
  ["loading what reports are judged by", "notifications", (tx, ids) => getDeliveryStates(tx, ids)],
  ["moving statuses", "notifications", (tx, ids) => moveStatus(tx, { ...move, ids })],
  [
    "recording what was accepted",
    "notifications",
    (tx, ids) => recordAccepted(tx, { ...handOver(ids), routeNote: "acme only" }),
  ],
  ["recording what was attempted", "notifications", (tx, ids) => recordAttempted(tx, handOver(ids))],
  ["recording what goes back and may have gone already", "notifications", (tx, ids) => recordRepeated(tx, ids)],
  [
    "putting remains in the place of contents",
    "notifications",
    (tx, ids) =>
      replaceContents(
        tx,
        ids.map((id) => ({ id, sealedContent: Buffer.from("remains") })),
      ),
  ],
  ["finding one notification", "notifications", (tx, [id = ""]) => findNotification(tx, SERVICE, id)],
  [
    "remembering what is awaited",
    "awaited_receipts",
    (tx, ids) => insertAwaitedReceipts(tx, PROVIDER, ids.map(awaited)),
  ],
  [
    "finding what reports are about",
    "awaited_receipts",
    (tx, ids) => findAwaitedReceipts(tx, PROVIDER, messageIds(ids)),
  ],
  ["finding parts still awaited", "awaited_receipts", (tx, ids) => listStillAwaited(tx, ids, messageIds(ids))],
  [
    "forgetting what was reported",
    "awaited_receipts",
    (tx, ids) => deleteAwaitedReceipts(tx, PROVIDER, messageIds(ids)),
  ],
  ["extending leases", "jobs", (tx, ids) => extend(tx, QUEUE, { ids, leaseMs: 60_000 })],
  [
    "putting jobs off",
    "jobs",
    (tx, ids) =>
      retryAt(
        tx,
        QUEUE,
        ids.map((id) => ({ id, wakeAt: NOW })),
      ),
  ],
  ["ending jobs", "jobs", (tx, ids) => acknowledge(tx, QUEUE, ids)],
];

const MODES: readonly PlanMode[] = ["force_custom_plan", "force_generic_plan"];

describe.each(["without statistics", "with statistics"])("%s", (statistics) => {
  beforeAll(async () => {
    if (statistics === "with statistics") await db.transaction((tx) => tx.execute("analyze"));
  });

  describe.each(MODES)("and %s", (mode) => {
    it("leasing and waking jobs scans no table", async () => {
      const read = await readBy(mode, leaseSome);
      expect(scanned(read)).toEqual([]);
      expect(read.find(({ table }) => table === "jobs")?.indexScans).toBeGreaterThan(0);
    });

    it("a page of a service's newest scans no table", async () => {
      const filter = { serviceId: SERVICE, keyKind: "live", limit: 250 };
      const read = await readBy(mode, (session) => severalTimes(session, (tx) => listNotifications(tx, filter)));
      expect(scanned(read)).toEqual([]);
    });

    it.each(STATEMENTS)("%s scans no table", async (_name, table, work) => {
      const read = await readBy(mode, (session) => severalTimes(session, work));
      expect(scanned(read)).toEqual([]);
      const used = read.filter(({ indexScans }) => indexScans > 0).map((one) => one.table);
      expect(used).toEqual(table === "notifications" ? [partitionOfToday()] : [table]);
    });
  });
});

function scanned(read: readonly Read[]): Read[] {
  return read.filter(({ rowsScanned }) => rowsScanned > 0);
}

function partitionOfToday(): string {
  return `notifications_${startOfDay(NOW, 0).toISOString().slice(0, 10).replaceAll("-", "")}`;
}

async function leaseSome(session: Database): Promise<void> {
  let leased = 0;
  const consumer = await consume(session, {
    queue: QUEUE,
    batch: BATCH,
    leaseMs: 60_000,
    room: () => (leased < TIMES * BATCH ? BATCH : 0),
    handle: async (jobs) => {
      leased += jobs.length;
    },
    onError: (error) => {
      throw error;
    },
  });
  await vi.waitFor(() => expect(leased).toBeGreaterThanOrEqual(TIMES * BATCH), PATIENCE);
  await consumer.stop();
}
