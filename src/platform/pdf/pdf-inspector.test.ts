import { afterAll, describe, expect, it } from "vitest";
import { hostilePdfs, onePage } from "../../../test/support/hostile-pdfs.ts";
import { englishPart, exampleLetters, LETTER_RULES, letterOf, longBlocks } from "../../../test/support/letters.ts";
import { checkWithQpdf, hasPdfTools, textOf, wordsOf } from "../../../test/support/pdf-tools.ts";
import { type Mark, markedPdf } from "../../../test/support/supplied-pdfs.ts";
import { LETTER_GEOMETRY } from "../../core/letter/page-geometry.ts";
import { openLetterTypesetter } from "./letter-typesetter.ts";
import { openPdfInspector } from "./pdf-inspector.ts";

const MEGABYTE = 1024 * 1024;
/** Above the limit of a file by what it can ask for before anybody looks. */
const GROWTH_MAX_MB = 1_200;
const HASTY_MS = 3_000;
/** More than a machine gives: on one that is very busy a file would run out of it before it runs out of memory. */
const PATIENT_MS = 60_000;
/** That time for a file, and that of a new thread on a busy machine. */
const WITHIN_MS = 80_000;
const PNG_START = "89504e470d0a1a0a";

const typesetter = openLetterTypesetter({ geometry: LETTER_GEOMETRY });
const inspector = openPdfInspector({ timeoutMs: PATIENT_MS });
/** For what never ends, so that the tests do. */
const hasty = openPdfInspector({ timeoutMs: HASTY_MS });
afterAll(() => Promise.all([typesetter, inspector, hasty].map((one) => one.close())));

const letterPdf = async () => (await typesetter.typeset(letterOf(englishPart()))).pdf;
const inspect = (pdf: Uint8Array) => inspector.inspect(pdf, LETTER_RULES);

describe("looking at a PDF", () => {
  it.each(Object.keys(exampleLetters()))("finds nothing wrong with a letter of ours: %s", async (name) => {
    const letter = exampleLetters()[name];
    if (!letter) throw new Error(name);
    const { pdf, pages } = await typesetter.typeset(letter);
    const found = await inspect(pdf);
    if (found.kind !== "read") throw new Error(JSON.stringify(found));
    expect(found.pages).toHaveLength(pages);
    found.pages.forEach((page, index) => {
      expect(page).toMatchObject({ rotation: 0, hasInkOutside: false, hasTag: index === 0 });
      expect(page.widthMm).toBeCloseTo(210, 1);
      expect(page.heightMm).toBeCloseTo(297, 1);
    });
    expect(found).toMatchObject({ fontsNotEmbedded: [], hasScript: false });
    const lines = letter.parts[0]?.addressLines.join(" ").trim().toUpperCase().normalize("NFKD").split(/\s+/);
    expect(found.addressText.split(/\s+/)).toEqual(lines);
  });

  it.each<[string, Mark[], boolean[]]>([
    ["at the left edge", [{ xMm: 5, yMm: 150 }], [true, false]],
    ["a millimetre and a half over the edge", [{ xMm: 13.5, yMm: 150 }], [true, false]],
    ["half a millimetre over the edge", [{ xMm: 14.5, yMm: 150 }], [false, false]],
    ["at the foot", [{ xMm: 100, yMm: 294 }], [true, false]],
    ["between window and text", [{ xMm: 60, yMm: 80 }], [true, false]],
    ["in the window", [{ xMm: 60, yMm: 50 }], [false, false]],
    [
      "in the places of logo and contact block",
      [
        { xMm: 20, yMm: 10 },
        { xMm: 130, yMm: 90 },
      ],
      [false, false],
    ],
    ["above the text on a second page", [{ page: 2, xMm: 60, yMm: 80 }], [false, false]],
    ["at the right edge of a second page", [{ page: 2, xMm: 197, yMm: 80 }], [false, true]],
    ["white on white", [{ xMm: 2, yMm: 150, white: true }], [false, false]],
  ])("ink %s", async (_, marks, expected) => {
    const found = await inspect(await markedPdf(marks, { pages: 2 }));
    expect(found.kind === "read" && found.pages.map(({ hasInkOutside }) => hasInkOutside)).toEqual(expected);
  });

  it.each([
    [{ rotation: 0 }, [209.9, 297]],
    [{ rotation: 180 }, [209.9, 297]],
    [{ rotation: 90 }, [297, 209.9]],
    [{ rotation: 270, landscape: true }, [209.9, 297]],
    [{ rotation: 0, landscape: true }, [297, 209.9]],
  ])("measures pages as they are seen: %j", async (how, [width, height]) => {
    const found = await inspect(await markedPdf([], how));
    const [page] = found.kind === "read" ? found.pages : [];
    expect(page?.rotation).toBe(how.rotation);
    expect(page?.widthMm).toBeCloseTo(width ?? 0, 0);
    expect(page?.heightMm).toBeCloseTo(height ?? 0, 0);
  });

  it("reads whole words of the window and round it, and nothing else", async () => {
    const pdf = await markedPdf([
      { xMm: 30, yMm: 45, text: "Mr Example" },
      { xMm: 30, yMm: 49, text: "1 High Street" },
      { xMm: 12, yMm: 55, text: "outside outsideAndInside" },
      { xMm: 125, yMm: 50, text: "right" },
      { xMm: 30, yMm: 33, text: "above" },
      { xMm: 30, yMm: 37.5, text: "nearly" },
      { xMm: 30, yMm: 75, text: "below" },
    ]);
    await expect(inspect(pdf)).resolves.toMatchObject({
      addressText: "nearly\nMr Example\n1 High Street\noutsideAndInside",
      fontsNotEmbedded: ["Helvetica"],
    });
  });

  it("finds the tag in the corner of a page, not in its text", async () => {
    const tag = { text: "NOTIFY", size: 6, white: true };
    const pdf = await markedPdf(
      [
        { ...tag, page: 2, xMm: 1.8, yMm: 2 },
        { ...tag, page: 3, xMm: 30, yMm: 100 },
      ],
      { pages: 3 },
    );
    const found = await inspect(pdf);
    expect(found.kind === "read" && found.pages.map(({ hasTag }) => hasTag)).toEqual([false, true, false]);
  });
});

describe("pictures of pages", () => {
  it("are as large as asked for, and show what is outside", async () => {
    const pdf = await markedPdf([{ xMm: 5, yMm: 150 }]);
    const order = { pdf, page: 1, dotsPerInch: 72 };
    const plain = await inspector.picture(order);
    const marked = await inspector.picture({ ...order, inkAreas: LETTER_RULES.inkAreas.firstPage });
    if (plain.kind !== "drawn" || marked.kind !== "drawn") throw new Error("not drawn");
    expect([plain.widthPx, plain.heightPx]).toEqual([595, 842]);
    expect(Buffer.from(plain.png.subarray(0, 8)).toString("hex")).toBe(PNG_START);
    expect(Buffer.compare(plain.png, marked.png)).not.toBe(0);
  });

  it("there is none of a page that is not there", async () => {
    const order = { pdf: await markedPdf([]), page: 2, dotsPerInch: 72 };
    await expect(inspector.picture(order)).resolves.toEqual({ kind: "unreadable", why: "damaged" });
  });
});

describe.skipIf(!hasPdfTools)("making good", () => {
  const address = { lines: ["Ms New Name", "2 Low Street", "SW1A 2AA"], window: LETTER_GEOMETRY.addressWindow };

  it("gives back a file with nothing to mend as it was, octet for octet", async () => {
    const pdf = await markedPdf([]);
    const mended = await inspector.mend({ pdf });
    expect(mended).toMatchObject({ kind: "mended", isChanged: false });
    expect(mended.kind === "mended" && mended.pdf).toBe(pdf);
  });

  it.each([{ rotation: 0 }, { rotation: 90, landscape: true }, { rotation: 180 }, { rotation: 270, landscape: true }])(
    "puts tag and address where a reader sees them: %j",
    async (how) => {
      const mended = await inspector.mend({ pdf: await markedPdf([], how), cornerTag: "NOTIFY", address });
      if (mended.kind !== "mended") throw new Error(mended.why);
      expect(mended.isChanged).toBe(true);
      checkWithQpdf(mended.pdf);
      await expect(inspect(mended.pdf)).resolves.toMatchObject({
        pages: [{ hasTag: true, hasInkOutside: false }],
        addressText: "MS NEW NAME\n2 LOW STREET\nSW1A 2AA",
        fontsNotEmbedded: [],
      });
    },
  );

  it("covers the address that was there", async () => {
    const old = Array.from({ length: 40 }, (_, index) => ({ xMm: 70 + index, yMm: 50 }));
    const pdf = await markedPdf(old);
    const mended = await inspector.mend({ pdf, address });
    if (mended.kind !== "mended") throw new Error(mended.why);
    const nowhere = { firstPage: [{ leftMm: 0, topMm: 0, rightMm: 65, bottomMm: 297 }], otherPages: [] };
    const inkOf = async (file: Uint8Array) => inspector.inspect(file, { ...LETTER_RULES, inkAreas: nowhere });
    await expect(inkOf(pdf)).resolves.toMatchObject({ pages: [{ hasInkOutside: true }] });
    await expect(inkOf(mended.pdf)).resolves.toMatchObject({ pages: [{ hasInkOutside: false }] });
    expect(textOf(mended.pdf)).toMatch(/MS NEW NAME\s+2 LOW STREET\s+SW1A 2AA/);
  });

  it("keeps the pages of a letter as they were", async () => {
    const { pdf } = await typesetter.typeset(letterOf(englishPart({ blocks: longBlocks(20) })));
    const mended = await inspector.mend({ pdf, cornerTag: "OTHER" });
    if (mended.kind !== "mended") throw new Error(mended.why);
    const others = (file: Uint8Array) => wordsOf(file).filter(({ text }) => text !== "OTHER");
    expect(others(mended.pdf)).toEqual(wordsOf(pdf));
  });
});

describe("PDFs made to harm", () => {
  it("each end in a finding, within their limits, and the next is read as ever", async () => {
    for (const [name, file, expected] of await hostilePdfs(await letterPdf())) {
      const startedAt = performance.now();
      const before = process.memoryUsage.rss();
      const reader = "why" in expected && expected.why === "too-slow" ? hasty : inspector;
      expect(await reader.inspect(file, LETTER_RULES), name).toMatchObject(expected);
      expect(performance.now() - startedAt, name).toBeLessThan(WITHIN_MS);
      expect((process.memoryUsage.rss() - before) / MEGABYTE, name).toBeLessThan(GROWTH_MAX_MB);
    }
    await expect(inspect(await letterPdf())).resolves.toMatchObject({ kind: "read" });
  }, 300_000);

  it("draw no picture and are not mended", async () => {
    const spinning = (await hostilePdfs(await letterPdf())).find(([name]) => name.startsWith("drawings in drawings"));
    const pdf = spinning?.[1] ?? Buffer.of();
    await expect(hasty.picture({ pdf, page: 1, dotsPerInch: 72 })).resolves.toEqual({
      kind: "unreadable",
      why: "too-slow",
    });
    await expect(inspector.mend({ pdf: Buffer.from("no"), cornerTag: "NOTIFY" })).resolves.toEqual({
      kind: "unreadable",
      why: "not-a-pdf",
    });
  });

  it("show nothing of what they name: no file, no address", async () => {
    const link = `<</Type/Annot/Subtype/Link/Rect[0 0 100 100]/A<</S/URI/URI(http://127.0.0.1:9/)>>>>`;
    await expect(inspect(onePage("", "", [link]))).resolves.toMatchObject({
      kind: "read",
      pages: [{ hasInkOutside: false }],
    });
  });
});
