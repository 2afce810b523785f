/**
 * UUID version 7 (RFC 9562 §5.7): sorts by the time it was made, so look-ups by id touch one daily partition and newest-first is id order.
 * Made by the app, so any PostgreSQL from 15 on will do.
 */
import { v4, v7 } from "uuid";

/** A new id for what is made in volume; `at` places it in time (defaults to now). */
export function newId(at?: Date): string {
  return at ? v7({ msecs: at.getTime() }) : v7();
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
