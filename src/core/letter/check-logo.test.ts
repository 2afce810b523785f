import { describe, expect, it } from "vitest";
import { checkLogo } from "./check-logo.ts";

const svg = (inside: string, attributes = ' viewBox="0 0 10 10"') =>
  new TextEncoder().encode(`<svg xmlns="http://www.w3.org/2000/svg"${attributes}>${inside}</svg>`);

function png(width: number, height: number): Uint8Array {
  const bytes = new Uint8Array(33);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  return bytes;
}

describe("a letter's logo", () => {
  it.each([
    ["a drawing", svg('<path d="M0 0h10v10z"/><use href="#a"/><path fill="url(#b)" d="M0 0"/>'), "svg"],
    [
      "a drawing with a declaration",
      new TextEncoder().encode('<?xml version="1.0"?>\n<!-- us -->\n<svg width="9"/>'),
      "svg",
    ],
    ["a picture", png(400, 108), "png"],
    ["a small picture", png(400, 107), "picture-too-small"],
    ["a huge picture", png(4_001, 200), "picture-too-large"],
    ["half a picture", png(400, 200).subarray(0, 20), "not-a-picture"],
    ["words", new TextEncoder().encode("logo.svg"), "not-a-picture"],
    ["a page", new TextEncoder().encode("<html><svg viewBox='0 0 1 1'/></html>"), "not-a-picture"],
    ["nothing", new Uint8Array(), "not-a-picture"],
    ["a drawing of no size", svg("", ""), "drawing-without-size"],
    ["a script", svg("<script>alert(1)</script>"), "drawing-active"],
    ["a handler", svg('<path onload="alert(1)"/>'), "drawing-active"],
    ["something from elsewhere", svg('<use href="https://example.org/a.svg#b"/>'), "drawing-active"],
    ["a file", svg('<use xlink:href="file:///etc/passwd"/>'), "drawing-active"],
    ["a style from elsewhere", svg("<style>@import 'a.css';</style>"), "drawing-active"],
    [
      "an entity",
      new TextEncoder().encode('<!DOCTYPE svg [<!ENTITY a "b">]><svg viewBox="0 0 1 1"/>'),
      "not-a-picture",
    ],
    ["a page inside", svg("<foreignObject/>"), "drawing-active"],
    ["text", svg("<text>Us</text>"), "drawing-with-text"],
    ["a picture inside", svg('<image href="data:image/png;base64,AAAA"/>'), "drawing-with-pictures"],
  ])("%s", (_, bytes, expected) => {
    expect(checkLogo(bytes)).toBe(expected);
  });
});
