/**
 * Counts how messages fare, in memory, and adds what it has counted to the database every few seconds: the way of a message pays for a sum in a map
 * and for no statement. A process that is killed takes its last seconds' counts with it, and no message.
 */
import { noTimes, timeStep } from "../../core/quality/histogram.ts";
import type { Db } from "../../platform/db.ts";
import { errorFields, type Log } from "../../platform/log.ts";
import { addQuality, type QualityRow } from "../../records/quality/quality-store.ts";

const SLOT_MS = 5 * 60_000;
const FLUSH_AFTER_MS = 5_000;
/** Beyond that, while the database is away, what comes is not counted. */
const ROWS_MAX = 20_000;

/** A message, as far as it is counted by. */
export interface Counted {
  serviceId: string;
  templateId: string;
  channel: string;
  keyKind: string;
  countryPrefix: string | undefined;
  network?: string | undefined;
  sender: string | undefined;
  provider: string | undefined;
}

export interface QualityBook {
  /** A provider has taken it. What test keys send is not counted. */
  noteSent(message: Counted, at: Date): void;
  /** The network of one that was counted as sent without it has become known. */
  noteNetwork(message: Counted, sentAt: Date): void;
  /** It has ended; `sentAt` as far as a provider had taken it. Statuses that are no end are not counted. */
  noteEnded(message: Counted, end: { status: string; sentAt: Date | undefined; at: Date }): void;
  /** Resolves when everything noted so far is in the database, or could not be written. */
  flush(): Promise<void>;
}

const COLUMNS: Readonly<Record<string, "delivered" | "permanent" | "temporary" | "technical">> = {
  delivered: "delivered",
  "permanent-failure": "permanent",
  "temporary-failure": "temporary",
  "technical-failure": "technical",
};

export function createQualityBook({ db, log }: { db: Db; log: Log }): QualityBook {
  const state = { rows: new Map<string, QualityRow>(), timer: undefined as NodeJS.Timeout | undefined };
  const flush = async (): Promise<void> => {
    clearTimeout(state.timer);
    state.timer = undefined;
    const { rows } = state;
    if (rows.size === 0) return;
    state.rows = new Map();
    try {
      await addQuality(db, [...rows.values()]);
    } catch (error) {
      log.warn("quality.not-written", errorFields(error));
      keepFor(state.rows, rows);
    }
  };
  const rowFor = (message: Counted, at: Date): QualityRow | undefined => {
    if (message.keyKind === "test" || message.channel === "letter") return undefined;
    state.timer ??= setTimeout(() => void flush(), FLUSH_AFTER_MS).unref();
    return rowOf(state.rows, message, at);
  };
  return {
    flush,
    noteSent: (message, at) => {
      const row = rowFor(message, at);
      if (row) row.sent += 1;
    },
    noteNetwork: (message, sentAt) => {
      const [unknown, known] = [rowFor({ ...message, network: undefined }, sentAt), rowFor(message, sentAt)];
      if (!unknown || !known) return;
      unknown.sent -= 1;
      known.sent += 1;
    },
    noteEnded: (message, { status, sentAt, at }) => {
      const column = COLUMNS[status];
      const row = column && rowFor(message, at);
      if (!column || !row) return;
      row[column] += 1;
      if (status === "delivered") addTime(row, at.getTime() - (sentAt ?? at).getTime());
    },
  };
}

function rowOf(rows: Map<string, QualityRow>, message: Counted, at: Date): QualityRow | undefined {
  const { serviceId, templateId, channel, provider = "", countryPrefix = "", network = "", sender = "" } = message;
  const slotMs = Math.floor(at.getTime() / SLOT_MS) * SLOT_MS;
  const key = `${slotMs}\n${serviceId}\n${templateId}\n${channel}\n${provider}\n${countryPrefix}\n${network}\n${sender}`;
  const known = rows.get(key);
  if (known || rows.size >= ROWS_MAX) return known;
  const common = { slot: new Date(slotMs), serviceId, templateId, channel, provider, countryPrefix, network, sender };
  const row = { ...common, sent: 0, delivered: 0, permanent: 0, temporary: 0, technical: 0, times: noTimes() };
  rows.set(key, row);
  return row;
}

function addTime(row: QualityRow, ms: number): void {
  const times = row.times as number[];
  const step = timeStep(ms);
  times[step] = (times[step] ?? 0) + 1;
}

/** What could not be written is added to what has been counted since. */
function keepFor(rows: Map<string, QualityRow>, unwritten: ReadonlyMap<string, QualityRow>): void {
  for (const [key, row] of unwritten) {
    const since = rows.get(key);
    if (!since && rows.size < ROWS_MAX) rows.set(key, row);
    if (!since) continue;
    for (const column of ["sent", "delivered", "permanent", "temporary", "technical"] as const)
      since[column] += row[column];
    since.times = since.times.map((count, step) => count + (row.times[step] ?? 0));
  }
}
