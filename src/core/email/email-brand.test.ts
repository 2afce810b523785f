import { describe, expect, it } from "vitest";
import { pngOf } from "../../../test/support/pictures.ts";
import { brandColours, checkBrandPicture, parseHexColour, saysLogo, shownSize, textColourOn } from "./email-brand.ts";

const GOOD = pngOf(300, 108);

describe("the picture of a brand", () => {
  it.each([
    ["a picture", GOOD, { width: 300, height: 108 }],
    ["a low picture", pngOf(300, 107), "too-low"],
    ["a wide picture", pngOf(4_001, 108), "too-large"],
    ["half a download", GOOD.subarray(0, GOOD.length - 20), "not-a-png"],
    ["a head alone", GOOD.subarray(0, 33), "not-a-png"],
    ["a picture with something behind it", Buffer.concat([GOOD, Buffer.from("<script>")]), "not-a-png"],
    ["a JPEG", Buffer.from("ffd8ffe000104a464946", "hex"), "not-a-png"],
    ["a drawing", Buffer.from("<svg viewBox='0 0 1 1'/>"), "not-a-png"],
    ["nothing", Buffer.alloc(0), "not-a-png"],
  ])("%s", (_, bytes, verdict) => {
    expect(checkBrandPicture(bytes)).toEqual(verdict);
  });

  it.each([
    [
      { width: 400, height: 108 },
      { width: 200, height: 54 },
    ],
    [
      { width: 4_000, height: 108 },
      { width: 560, height: 15 },
    ],
    [
      { width: 1, height: 4_000 },
      { width: 1, height: 54 },
    ],
  ])("%j is shown as %j", (size, shown) => {
    expect(shownSize(size)).toEqual(shown);
  });
});

describe("the words for a brand", () => {
  it.each([
    ["Northwold", false],
    ["Northwold logo", true],
    ["LOGO of Northwold", true],
    ["Northwold logos", true],
    ["The Logos Institute", true],
    ["Northwold Logopaedics", false],
  ])("%j says that it is a logo: %s", (text, says) => {
    expect(saysLogo(text)).toBe(says);
  });
});

describe("a colour", () => {
  it.each([
    ["#00573F", "#00573f"],
    [" 00573f ", "#00573f"],
    ["0A4", "#00aa44"],
    ["red", undefined],
    ["#00573", undefined],
    ["#fff;background:url(x)", undefined],
    ["", undefined],
  ])("%j is %s", (text, colour) => {
    expect(parseHexColour(text)).toBe(colour);
  });

  it.each([
    ["#00573f", "banner", "#00573f", undefined],
    [undefined, "banner", "#ffffff", undefined],
    ["#00573f", "bar", "#ffffff", "#00573f"],
    [undefined, "bar", "#ffffff", undefined],
  ] as const)("%s in a brand with a %s is the ground %s and the bar %s", (colour, style, ground, bar) => {
    expect(brandColours({ colour, style })).toEqual({ ground, bar });
  });

  it.each([
    ["#ffffff", "#0b0c0c"],
    ["#ffdd00", "#0b0c0c"],
    ["#00573f", "#ffffff"],
    ["#000000", "#ffffff"],
  ])("%s has words in %s", (ground, words) => {
    expect(textColourOn(ground)).toBe(words);
  });
});
