/**
 * Where something is: WGS 84 latitude and longitude in decimal degrees, north and east positive (RFC 7946 §4).
 *
 *     readPosition("51.752", "-1.2577") → { latitude: 51.752, longitude: -1.2577 }
 */
export interface Position {
  latitude: number;
  longitude: number;
}

/** A tenth of a metre: nobody's home is known more exactly. */
const DECIMALS = 6;
const DEGREES = /^[+-]?\d{1,3}(\.\d{1,20})?$/;
/** Mean radius of the earth as the IUGG has it (Moritz, Geodetic Reference System 1980). */
const EARTH_RADIUS_KM = 6_371.0088;

export type Degrees = number | "not-a-number" | "out-of-range";

/** Degrees of latitude with `max` 90, of longitude with 180. */
export function readDegrees(value: number | string, max: 90 | 180): Degrees {
  const typed = typeof value === "string" ? value.trim() : value;
  if (typeof typed === "string" && !DEGREES.test(typed)) return "not-a-number";
  const degrees = Number(typed);
  if (!Number.isFinite(degrees)) return "not-a-number";
  return Math.abs(degrees) > max ? "out-of-range" : Number(degrees.toFixed(DECIMALS)) + 0;
}

/** Undefined where one of them is none. */
export function readPosition(latitude: number | string, longitude: number | string): Position | undefined {
  const [north, east] = [readDegrees(latitude, 90), readDegrees(longitude, 180)];
  return typeof north === "number" && typeof east === "number" ? { latitude: north, longitude: east } : undefined;
}

/**
 * The shortest way over the earth taken as a sphere, by the haversine formula, which stays exact for short ways (Sinnott, "Virtues of the
 * Haversine", Sky and Telescope 68, 1984). The earth is flattened: this is off by 0.5 % at most.
 */
export function distanceKm(a: Position, b: Position): number {
  const [north, east] = [radians(b.latitude - a.latitude), radians(b.longitude - a.longitude)];
  const h =
    Math.sin(north / 2) ** 2 + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(east / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
