import { describe, expect, it } from "vitest";
import { printFileName } from "./print-file-name.ts";

describe("the file of a letter", () => {
  it.each([
    ["first", "1"],
    ["second", "2"],
    ["economy", "ECONOMY"],
    ["europe", "E"],
    ["rest-of-world", "N"],
  ] as const)("posted %s says %s", (postage, code) => {
    const createdAt = new Date("2026-03-04T02:05:06.789Z");
    const notificationId = "0199a8f0-1234-7abc-8f3a-6c1b2d4e5f60";
    expect(printFileName({ notificationId, postage, createdAt })).toBe(
      `NOTIFY.8F3A6C1B2D4E5F60.D.${code}.C.20260304020506.PDF`,
    );
  });
});
