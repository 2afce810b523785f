import { describe, expect, it } from "vitest";
import { checkAttachment } from "./check-attachment.ts";
import type { Paper, SuppliedPage } from "./check-supplied-letter.ts";

const page = (differences: Partial<SuppliedPage> = {}): SuppliedPage => ({
  ...{ widthMm: 210, heightMm: 297, hasInkOutside: false, hasTag: false },
  ...differences,
});
const read = (...pages: SuppliedPage[]): Paper => ({ kind: "read", pages });
const many = (count: number) => read(...Array.from({ length: count }, () => page()));

describe("pages to go with a letter", () => {
  it.each<[string, Paper, number, object]>([
    ["one page", many(1), 1, { kind: "attach", pages: 1 }],
    ["as many as there is room for", many(8), 2, { kind: "attach", pages: 8 }],
    ["one more", many(9), 2, { problem: "letter-too-long", pages: [] }],
    ["far too many", { kind: "too-long" }, 1, { problem: "letter-too-long", pages: [] }],
    ["nothing readable", { kind: "unreadable" }, 1, { problem: "unable-to-read-the-file", pages: [] }],
    ["no page", read(), 1, { problem: "unable-to-read-the-file", pages: [] }],
    [
      "a page on its side",
      read(page(), page({ widthMm: 297, heightMm: 210 })),
      1,
      { problem: "letter-not-a4-portrait-oriented", pages: [2] },
    ],
    [
      "ink at the edge",
      read(page({ hasInkOutside: true })),
      1,
      { problem: "content-outside-printable-area", pages: [1] },
    ],
    [
      "another letter's beginning",
      read(page({ hasTag: true })),
      1,
      { problem: "notify-tag-found-in-content", pages: [1] },
    ],
  ])("%s", (_, paper, ownPages, verdict) => {
    expect(checkAttachment(paper, ownPages)).toMatchObject(verdict);
  });
});
