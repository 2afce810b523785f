/** An area on a map, and whether a position lies in it. */
import { distanceKm, type Position } from "./position.ts";

export type Area =
  | { kind: "circle"; centre: Position; radiusKm: number }
  /** Each ring goes round once, without its first corner again at its end. */
  | { kind: "polygon"; rings: readonly (readonly Position[])[] };

export const CORNERS_MAX = 500;
export const RADIUS_MAX_KM = 5_000;
/** What two roundings to a tenth of a metre may make of a point on a line. */
const NEARLY_DEGREES = 1e-9;

/** The edge belongs to the area. */
export function isInArea(area: Area, position: Position): boolean {
  return area.kind === "circle" ? distanceKm(area.centre, position) <= area.radiusKm : isInRings(area.rings, position);
}

/**
 * A ray to the east crosses the lines of what a position lies in an odd number of times (the even-odd rule: Shimrat, "Algorithm 112:
 * Position of point relative to polygon", CACM 5(8), 1962). So a ring within a ring is a hole, and rings apart are parts of one area.
 * Lines are straight in latitude and longitude, as RFC 7946 §3.1.1 has them; none crosses the 180th meridian.
 */
function isInRings(rings: readonly (readonly Position[])[], position: Position): boolean {
  let isInside = false;
  for (const ring of rings) {
    for (const [at, from] of ring.entries()) {
      const to = ring[(at + 1) % ring.length] ?? from;
      if (isOnLine(from, to, position)) return true;
      if (isCrossed(from, to, position)) isInside = !isInside;
    }
  }
  return isInside;
}

function isOnLine(from: Position, to: Position, { latitude, longitude }: Position): boolean {
  const isBetween =
    latitude >= Math.min(from.latitude, to.latitude) - NEARLY_DEGREES &&
    latitude <= Math.max(from.latitude, to.latitude) + NEARLY_DEGREES &&
    longitude >= Math.min(from.longitude, to.longitude) - NEARLY_DEGREES &&
    longitude <= Math.max(from.longitude, to.longitude) + NEARLY_DEGREES;
  if (!isBetween) return false;
  const [north, east] = [to.latitude - from.latitude, to.longitude - from.longitude];
  const length = Math.hypot(north, east);
  const aside = Math.abs(north * (longitude - from.longitude) - east * (latitude - from.latitude));
  return aside <= NEARLY_DEGREES * Math.max(length, NEARLY_DEGREES);
}

/** A corner belongs to the line that goes up from it, so that a ray through a corner crosses once. */
function isCrossed(from: Position, to: Position, { latitude, longitude }: Position): boolean {
  if (from.latitude > latitude === to.latitude > latitude) return false;
  const share = (latitude - from.latitude) / (to.latitude - from.latitude);
  return longitude < from.longitude + share * (to.longitude - from.longitude);
}
