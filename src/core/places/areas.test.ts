import { describe, expect, it } from "vitest";
import { type Area, isInArea } from "./area.ts";
import { distanceKm, readDegrees, readPosition } from "./position.ts";
import { linesOf, readCircle, readGeoJson, readPolygon } from "./read-area.ts";

const at = (latitude: number, longitude: number) => ({ latitude, longitude });
const LONDON = at(51.5074, -0.1278);
const PARIS = at(48.8566, 2.3522);

describe("degrees", () => {
  it.each([
    ["51.752", 90, 51.752],
    [" -1.25770001 ", 180, -1.2577],
    ["+90", 90, 90],
    [-90, 90, -90],
    ["90.000001", 90, "out-of-range"],
    [180.1, 180, "out-of-range"],
    ["51°45'", 90, "not-a-number"],
    ["51,7", 90, "not-a-number"],
    ["1e1", 90, "not-a-number"],
    ["", 90, "not-a-number"],
    [Number.NaN, 90, "not-a-number"],
    ["-0", 90, 0],
  ] as const)("%j are within %i as %j", (value, max, degrees) => {
    expect(readDegrees(value, max)).toBe(degrees);
  });

  it("make a position only together", () => {
    expect([readPosition("1", "x"), readPosition(91, 0), readPosition("1", "2")]).toEqual([
      undefined,
      undefined,
      at(1, 2),
    ]);
  });
});

describe("a distance over the earth", () => {
  it.each([
    [LONDON, PARIS, 343.6],
    [at(0, 0), at(0, 1), 111.2],
    [at(0, 179.5), at(0, -179.5), 111.2],
    [at(90, 0), at(-90, 77), 20_015.1],
    [LONDON, LONDON, 0],
  ])("from %j to %j is %f km", (from, to, km) => {
    expect(distanceKm(from, to)).toBeCloseTo(km, 0);
  });
});

function area(text: string): Area {
  const read = readPolygon(text);
  if ("problem" in read) throw new Error(read.problem);
  return read;
}

const SQUARE = area("0,0 0,10 10,10 10,0");
/** Open to the north: what lies between its arms is outside. */
const CONCAVE = area("0,0\n0,10\n10,10\n10,8\n2,8\n2,2\n10,2\n10,0\n0,0");
const WITH_HOLE = area("0,0 0,10 10,10 10,0\n\n4,4 4,6 6,6 6,4");
const TWO_PARTS = area("-1,179 -1,180 1,180 1,179\n\n-1,-180 -1,-179 1,-179 1,-180");

describe("a polygon", () => {
  it.each([
    [SQUARE, 5, 5, true],
    [SQUARE, 5, 10.001, false],
    [SQUARE, -0.001, 5, false],
    // Edges and corners belong to it, and a ray through a corner is no mistake.
    [SQUARE, 0, 5, true],
    [SQUARE, 10, 3, true],
    [SQUARE, 5, 0, true],
    [SQUARE, 10, 10, true],
    [SQUARE, 0, 11, false],
    [SQUARE, 10, -1, false],
    [CONCAVE, 5, 5, false],
    [CONCAVE, 5, 1, true],
    [CONCAVE, 5, 9, true],
    [CONCAVE, 1, 5, true],
    [CONCAVE, 2, 5, true],
    [CONCAVE, 10, 5, false],
    [WITH_HOLE, 5, 5, false],
    [WITH_HOLE, 4, 5, true],
    [WITH_HOLE, 3, 3, true],
    [TWO_PARTS, 0, 179.5, true],
    [TWO_PARTS, 0, -179.5, true],
    [TWO_PARTS, 0, 0, false],
    [area("0,0 10,5 0,10"), 5, 2.5, true],
    [area("0,0 10,5 0,10"), 5, 2.4, false],
  ])("%# has %f,%f in it: %s", (where, latitude, longitude, isInside) => {
    expect(isInArea(where, at(latitude, longitude))).toBe(isInside);
  });

  it("is the same whichever way round it is written, closed or open, in lines or as GeoJSON", () => {
    const ring = [
      [0, 0],
      [10, 0],
      [10, 10],
      [0, 10],
      [0, 0],
    ];
    expect(readGeoJson({ type: "Polygon", coordinates: [ring] })).toEqual(SQUARE);
    expect(
      readPolygon(JSON.stringify({ type: "Feature", geometry: { type: "MultiPolygon", coordinates: [[ring]] } })),
    ).toEqual(SQUARE);
    expect(readPolygon("  0, 0\r\n0 ,10\r\n10,10   10,0 0,0\r\n")).toEqual(SQUARE);
    expect(isInArea(area("10,0 10,10 0,10 0,0"), at(5, 5))).toBe(true);
    expect(readPolygon(linesOf(WITH_HOLE.kind === "polygon" ? WITH_HOLE.rings : []))).toEqual(WITH_HOLE);
  });

  it.each([
    ["", "must have at least 3 corners that are not on one line"],
    ["0,0 0,10 0,0", "must have at least 3 corners that are not on one line"],
    ["0,0 1,1 2,2 5,5", "must have at least 3 corners that are not on one line"],
    ["0,0 0,10 10,x", "has a corner that is not latitude,longitude in degrees: 10,x"],
    ["0,0 0,10 10,10,3", "has a corner that is not latitude,longitude in degrees: 10,10,3"],
    ["0,0 0,10 95,10", "has a corner that is not latitude,longitude in degrees: 95,10"],
    ["0,170 0,-170 10,-170", "must not cross the 180th meridian: cut it in two there, as RFC 7946 has it"],
    [Array.from({ length: 501 }, (_, n) => `${n / 10},${n % 2}`).join(" "), "cannot have more than 500 corners"],
    ["{", "begins like GeoJSON and is not JSON"],
    ["{}", "must be a GeoJSON Polygon or MultiPolygon, or a Feature that is one"],
    ['{"type":"Point","coordinates":[0,0]}', "must be a GeoJSON Polygon or MultiPolygon, or a Feature that is one"],
    [
      '{"type":"Polygon","coordinates":[[[0,0],["1",0],[1,1]]]}',
      "has a position that is not a longitude and a latitude in degrees",
    ],
    ['{"type":"Polygon","coordinates":[]}', "has a position that is not a longitude and a latitude in degrees"],
    [" ".repeat(100_001), "cannot be longer than 100000 characters"],
  ])("is none as %.40j", (text, problem) => {
    expect(readPolygon(text)).toEqual({ problem });
  });
});

describe("corners with a page of spaces between them", () => {
  it("are read as quickly as others", { timeout: 2_000 }, () => {
    expect(readPolygon(`0,0${" \t".repeat(49_000)}0 , 10\n10,10 10,0`)).toEqual(SQUARE);
  });
});

describe("a circle", () => {
  it.each([
    [LONDON, 344, PARIS, true],
    [LONDON, 343, PARIS, false],
    [at(0, 179.9), 50, at(0, -179.9), true],
    [at(89.9, 0), 30, at(89.9, 180), true],
    [LONDON, 0.01, LONDON, true],
  ])("round %j of %f km has %j in it: %s", (centre, radiusKm, position, isInside) => {
    const circle = readCircle(centre, radiusKm);
    expect(!("problem" in circle) && isInArea(circle, position)).toBe(isInside);
  });

  it.each([0, -1, 5_001, Number.NaN])("has no radius of %f km", (radiusKm) => {
    expect(readCircle(LONDON, radiusKm)).toEqual({ problem: "must have a radius of 0.01 to 5000 km" });
  });
});
