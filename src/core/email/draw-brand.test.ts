import { describe, expect, it } from "vitest";
import { drawBrand, drawnHeight } from "./draw-brand.ts";

const size = { width: 400, height: 108 };

describe("a brand as a drawing", () => {
  it.each([
    ["#00573f", "banner", '<rect width="100%" height="100%" fill="#00573f"/><svg x="10"'],
    [undefined, "banner", '<rect width="100%" height="100%" fill="#ffffff"/><svg x="10"'],
    ["#00573f", "bar", 'fill="#ffffff"/><rect x="10" y="15" width="4" height="54" fill="#00573f"/><svg x="26"'],
    [undefined, "bar", '<rect width="100%" height="100%" fill="#ffffff"/><svg x="10"'],
  ] as const)("with %s and a %s", (colour, style, drawn) => {
    const drawing = drawBrand({ ...size, colour, style }, "aGVsbG8=");
    expect(drawing).toContain(drawn);
    expect(drawing).toContain('<image width="200" height="54" href="data:image/png;base64,aGVsbG8="/>');
    expect(drawing).toContain('height="84"');
  });

  it("is as high as its logo and what is above and below it", () => {
    expect([drawnHeight(size), drawnHeight({ width: 4_000, height: 108 })]).toEqual([84, 45]);
  });
});
