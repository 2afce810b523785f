/**
 * UUID version 7 (RFC 9562 §5.7): sorts by the time it was made, so look-ups by id touch one daily partition and newest-first is id order.
 * Made by the app, so any PostgreSQL from 15 on will do.
 */
import { randomBytes } from "node:crypto";
import { v4, v7 } from "uuid";

/** A new id for what is made in volume; `at` places it in time (defaults to now). Ids of one process and moment keep their order. */
export function newId(at?: Date): string {
  const random = nextRandom();
  const { ms, sequence } = at ? placeAt(at.getTime(), random) : placeNow(random);
  return v7({ msecs: ms, seq: sequence, random });
}

function placeNow(random: Buffer): Moment {
  const now = Date.now();
  if (now > clock.ms) startAt(clock, now, random);
  else clock.sequence += 1;
  return clock;
}

/** Whoever names moments may go back in them. */
function placeAt(ms: number, random: Buffer): Moment {
  if (ms === named.ms) named.sequence += 1;
  else startAt(named, ms, random);
  return named;
}

function startAt(moment: Moment, ms: number, random: Buffer): void {
  moment.ms = ms;
  moment.sequence = random.readUInt32BE(0) & SEQUENCE_START_MAX;
}

interface Moment {
  ms: number;
  sequence: number;
}

/** Within a millisecond ids count up from a random start, with room to spare below 32 bits. */
const clock: Moment = { ms: 0, sequence: 0 };
const named: Moment = { ms: -1, sequence: 0 };
const SEQUENCE_START_MAX = 0x3fff_ffff;

/** Random octets are cut from one larger draw: asking for 16 at a time costs several times the rest of an id. */
const RANDOM_BYTES = 16;
const RANDOM_POOL_BYTES = RANDOM_BYTES * 256;
let randomPool: Buffer = Buffer.alloc(0);

function nextRandom(): Buffer {
  if (randomPool.length === 0) randomPool = randomBytes(RANDOM_POOL_BYTES);
  const random = randomPool.subarray(0, RANDOM_BYTES);
  randomPool = randomPool.subarray(RANDOM_BYTES);
  return random;
}

/** A new id for what must not tell when it was made: services, key secrets. */
export function newRandomId(): string {
  return v4();
}

/** The moment a version 7 id was made. */
export function timeOfId(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}

/** The smallest version 7 id of a moment: the bound of a daily partition. */
export function firstIdAt(moment: Date): string {
  const hex = moment.getTime().toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}
