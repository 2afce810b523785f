import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("colours.css", import.meta.url), "utf8");
const THEMES = ["light", "dark"] as const;

/** WCAG 2.2, 1.4.3 for text and 1.4.11 for what has to be told apart otherwise. */
const TEXT = 4.5;
const EDGE = 3;

function colour(name: string, theme: (typeof THEMES)[number]): string {
  const match = new RegExp(`--pp-${name}: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(css);
  const found = match?.[theme === "light" ? 1 : 2];
  if (!found) throw new Error(`there is no colour ${name}`);
  return found;
}

/** Relative luminance, as WCAG 2.2 defines it. */
function luminance(hex: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = channels.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

const GROUNDS = ["paper", "card", "soft"];
const WORDS = ["ink", "ink-soft", "link", "link-hover", "link-visited", "delivered", "waiting", "failed", "brand"];
const PAIRS = [
  ...GROUNDS.flatMap((ground) => WORDS.map((word) => [word, ground, TEXT] as const)),
  ["on-brand", "brand", TEXT],
  ["on-brand", "brand-hover", TEXT],
  ["card", "delivered", TEXT],
  ["card", "link", TEXT],
  ["paper", "link", TEXT],
  ["ink", "line", TEXT],
  ["ink", "highlight", TEXT],
  ["field-line", "card", EDGE],
  ["field-line", "paper", EDGE],
] as const;

describe.each(THEMES)("in the %s theme", (theme) => {
  it.each(PAIRS)("%s can be told from %s", (one, other, least) => {
    expect(contrast(colour(one, theme), colour(other, theme))).toBeGreaterThanOrEqual(least);
  });
});

it("browsers without light-dark() have the light theme's very colours", () => {
  const named = [...css.matchAll(/--pp-([\w-]+): light-dark\((#\w{6}), /g)].map(([, name, light]) => [name, light]);
  const fallback = [...css.matchAll(/--pp-([\w-]+): (#\w{6});/g)].map(([, name, light]) => [name, light]);
  expect(fallback).toEqual(named);
});
