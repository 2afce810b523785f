import { describe, expect, it } from "vitest";
import { ADDRESS_SEARCH_AREA, type Box, inkAreas, isA4Portrait, LETTER_GEOMETRY } from "./page-geometry.ts";

function holds(areas: readonly Box[], [x, y]: readonly [x: number, y: number]): boolean {
  return areas.some(
    ({ leftMm, topMm, rightMm, bottomMm }) => x >= leftMm && x <= rightMm && y >= topMm && y <= bottomMm,
  );
}

describe("ink on a page", () => {
  it.each<[string, readonly [number, number], boolean, boolean]>([
    ["in the text", [100, 150], true, true],
    ["at the edge of the text", [14, 293], true, true],
    ["beyond the edge", [13.9, 150], false, false],
    ["below the edge", [100, 293.1], false, false],
    ["where a first page's text begins", [100, 94], true, true],
    ["just above it", [100, 93.9], false, true],
    ["in the address window", [30, 50], true, true],
    ["beside the address window", [20, 50], false, true],
    ["in the contact block", [160, 20], true, true],
    ["in the logo", [20, 20], true, true],
    ["between logo and window", [60, 35], false, true],
    ["between window and text", [60, 80], false, true],
  ])("%s", (_, point, isOnFirst, isOnOthers) => {
    expect([holds(inkAreas(1), point), holds(inkAreas(2), point), holds(inkAreas(9), point)]).toEqual([
      isOnFirst,
      isOnOthers,
      isOnOthers,
    ]);
  });
});

describe("a page", () => {
  it.each([
    [210, 297, true],
    [208, 299, true],
    [207.9, 297, false],
    [210, 299.1, false],
    [297, 210, false],
    [215.9, 279.4, false],
    [Number.NaN, 297, false],
  ])("of %f by %f mm is A4 portrait: %s", (widthMm, heightMm, isA4) => {
    expect(isA4Portrait({ widthMm, heightMm })).toBe(isA4);
  });
});

describe("the address", () => {
  it("has its window to itself", () => {
    const { addressWindow, contactBlock, logo, bodyTopMm } = LETTER_GEOMETRY;
    expect(addressWindow.rightMm).toBeLessThan(contactBlock.leftMm);
    expect(addressWindow.topMm).toBeGreaterThan(logo.bottomMm);
    expect(addressWindow.bottomMm).toBeLessThan(bodyTopMm);
  });

  it("is looked for a little round the window", () => {
    expect(ADDRESS_SEARCH_AREA.leftMm).toBeCloseTo(21.6);
    expect(ADDRESS_SEARCH_AREA.topMm).toBeCloseTo(36.5);
    expect(ADDRESS_SEARCH_AREA.rightMm).toBeCloseTo(123);
    expect(ADDRESS_SEARCH_AREA.bottomMm).toBeCloseTo(69.3);
  });
});
