/**
 * An area as people and systems write it: corners as `latitude,longitude` with white space between them, as a polygon of the Common
 * Alerting Protocol has them (CAP 1.2 §3.2.4, OASIS), an empty line before another ring; or GeoJSON (RFC 7946): a Polygon, a
 * MultiPolygon, or a Feature that is one.
 *
 *     readPolygon("51.7,-1.3 51.8,-1.3 51.8,-1.2 51.7,-1.3") → { kind: "polygon", rings: [[…3 corners]] }
 */
import { type Area, CORNERS_MAX, RADIUS_MAX_KM } from "./area.ts";
import { type Position, readPosition } from "./position.ts";

/** Whatever is longer is not looked into. */
const POLYGON_MAX_CHARACTERS = 100_000;
const CORNERS_MIN = 3;
const RADIUS_MIN_KM = 0.01;

/** In words, to be said after the name of a field. */
export interface AreaProblem {
  problem: string;
}

export function isAreaProblem(read: Area | AreaProblem): read is AreaProblem {
  return "problem" in read;
}

export function readCircle(centre: Position, radiusKm: number): Area | AreaProblem {
  const isRadius = radiusKm >= RADIUS_MIN_KM && radiusKm <= RADIUS_MAX_KM;
  return isRadius
    ? { kind: "circle", centre, radiusKm }
    : { problem: `must have a radius of ${RADIUS_MIN_KM} to ${RADIUS_MAX_KM} km` };
}

/** Lines of corners, or GeoJSON as text. */
export function readPolygon(text: string): Area | AreaProblem {
  if (text.length > POLYGON_MAX_CHARACTERS)
    return { problem: `cannot be longer than ${POLYGON_MAX_CHARACTERS} characters` };
  if (!text.trim().startsWith("{")) return readLines(text);
  try {
    return readGeoJson(JSON.parse(text));
  } catch {
    return { problem: "begins like GeoJSON and is not JSON" };
  }
}

function readLines(text: string): Area | AreaProblem {
  const blocks = text.split(/\r?\n[ \t]*(?:\r?\n[ \t]*)+/).filter((block) => block.trim() !== "");
  const rings: Position[][] = [];
  for (const block of blocks) {
    // In two steps: one pattern for both would go through a long run of spaces once for each of them.
    const pairs = block
      .trim()
      .replace(/[ \t]+/g, " ")
      .replace(/ ?, ?/g, ",")
      .split(/\s+/);
    const corners = pairs.map(readPair);
    const wrong = corners.indexOf(undefined);
    if (wrong !== -1)
      return { problem: `has a corner that is not latitude,longitude in degrees: ${pairs[wrong]?.slice(0, 40)}` };
    rings.push(corners.filter((corner) => corner !== undefined));
  }
  return polygonOf(rings);
}

function readPair(pair: string): Position | undefined {
  const [latitude, longitude, ...more] = pair.split(",");
  if (latitude === undefined || longitude === undefined || more.length > 0) return undefined;
  return readPosition(latitude, longitude);
}

/** Of the positions of GeoJSON the longitude comes first, and a height may follow. */
export function readGeoJson(json: unknown): Area | AreaProblem {
  const { type, coordinates, geometry } = membersOf(json);
  if (type === "Feature") return readGeoJson(geometry);
  if (type !== "Polygon" && type !== "MultiPolygon")
    return { problem: "must be a GeoJSON Polygon or MultiPolygon, or a Feature that is one" };
  const polygons = type === "Polygon" ? [coordinates] : coordinates;
  const rings = listOf(polygons).flatMap(listOf).map(listOf);
  const read = rings.map((ring) => ring.map(readGeoPosition));
  if (rings.length === 0 || read.some((ring) => ring.includes(undefined)))
    return { problem: "has a position that is not a longitude and a latitude in degrees" };
  return polygonOf(read.map((ring) => ring.filter((corner) => corner !== undefined)));
}

function membersOf(json: unknown): { type?: unknown; coordinates?: unknown; geometry?: unknown } {
  return typeof json === "object" && json !== null ? json : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function readGeoPosition(value: unknown): Position | undefined {
  const [longitude, latitude] = listOf(value);
  if (typeof longitude !== "number" || typeof latitude !== "number") return undefined;
  return readPosition(latitude, longitude);
}

/** Rings may be closed, as CAP and GeoJSON want them, or left open. */
function polygonOf(given: readonly (readonly Position[])[]): Area | AreaProblem {
  const rings = given.map(opened);
  const corners = rings.reduce((sum, ring) => sum + ring.length, 0);
  if (corners > CORNERS_MAX) return { problem: `cannot have more than ${CORNERS_MAX} corners` };
  if (rings.length === 0 || rings.some((ring) => ring.length < CORNERS_MIN || isFlat(ring)))
    return { problem: `must have at least ${CORNERS_MIN} corners that are not on one line` };
  if (rings.some(isAcrossTheMeridian))
    return { problem: "must not cross the 180th meridian: cut it in two there, as RFC 7946 has it" };
  return { kind: "polygon", rings };
}

function opened(ring: readonly Position[]): Position[] {
  const corners = ring.filter((corner, at) => at === 0 || !isSame(corner, ring[at - 1]));
  return corners.length > 1 && isSame(corners[0], corners.at(-1)) ? corners.slice(0, -1) : corners;
}

function isSame(a: Position | undefined, b: Position | undefined): boolean {
  return a?.latitude === b?.latitude && a?.longitude === b?.longitude;
}

function isFlat(ring: readonly Position[]): boolean {
  const [first, ...others] = ring;
  const second = others[0];
  if (!first || !second) return true;
  const [north, east] = [second.latitude - first.latitude, second.longitude - first.longitude];
  return others.every(
    ({ latitude, longitude }) =>
      Math.abs(north * (longitude - first.longitude) - east * (latitude - first.latitude)) < 1e-12,
  );
}

/** No line of an area is half way round the earth: what looks so goes the other way. */
function isAcrossTheMeridian(ring: readonly Position[]): boolean {
  return ring.some((from, at) => Math.abs(from.longitude - (ring[(at + 1) % ring.length] ?? from).longitude) > 180);
}

/** As it is shown in a form, and read again. */
export function linesOf(rings: readonly (readonly Position[])[]): string {
  return rings.map((ring) => ring.map(({ latitude, longitude }) => `${latitude},${longitude}`).join("\n")).join("\n\n");
}

/** On few lines, as the Common Alerting Protocol has both: `51.752,-1.2577 5` is a circle of 5 km. */
export function areaText(area: Area): string {
  if (area.kind === "polygon") return linesOf(area.rings);
  const { centre, radiusKm } = area;
  return `${centre.latitude},${centre.longitude} ${radiusKm}`;
}
