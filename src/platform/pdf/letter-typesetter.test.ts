import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  englishPart,
  exampleLetters,
  letterOf,
  longBlocks,
  paragraph,
  text,
  welshPart,
} from "../../../test/support/letters.ts";
import {
  checkWithQpdf,
  fontsOf,
  hasPdfTools,
  informationOf,
  type SeenWord,
  textOf,
  wordsOf,
} from "../../../test/support/pdf-tools.ts";
import { LETTER_GEOMETRY } from "../../core/letter/page-geometry.ts";
import type { Box, TypesetLetter } from "./letter.ts";
import { type LetterTypesetter, openLetterTypesetter } from "./letter-typesetter.ts";
import { letterPreparer } from "./prepare-letter.ts";
import { openTypst } from "./typst/typst-engine.ts";

const { printable, addressWindow, contactBlock, bodyTopMm } = LETTER_GEOMETRY;
const NAMES = Object.keys(exampleLetters());
const hasTypst = openTypst(LETTER_GEOMETRY) !== undefined;
const ENGINES = (["typst", "pdfkit"] as const).filter((engine) => engine === "pdfkit" || hasTypst);
const SVG_START = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 10 10">`;
const SQUARE = { format: "svg", description: "A square" } as const;

describe.skipIf(!hasPdfTools).each(ENGINES)("letters set with %s", (engine) => {
  let typesetter: LetterTypesetter;
  let letters: Record<string, TypesetLetter>;

  beforeAll(async () => {
    typesetter = openLetterTypesetter({ geometry: LETTER_GEOMETRY, engine });
    const set = Object.entries(exampleLetters()).map(async ([name, letter]) => [
      name,
      await typesetter.typeset(letter),
    ]);
    letters = Object.fromEntries(await Promise.all(set));
  });
  afterAll(() => typesetter.close());

  const get = (name: string): TypesetLetter => {
    const letter = letters[name];
    if (!letter) throw new Error(`no letter ${name}`);
    return letter;
  };

  it.each(NAMES)("%s: a sound file, tagged, with its fonts inside and its pages counted", (name) => {
    const { pdf, pages } = get(name);
    checkWithQpdf(pdf);
    expect(facts(informationOf(pdf))).toMatchObject({
      Tagged: "yes",
      JavaScript: "no",
      Pages: String(pages),
      "Page size": expect.stringContaining("A4"),
    });
    for (const font of fontsOf(pdf)) expect(font).toMatch(/^[A-Z]{6}\+LiberationSans(-Bold)? .* yes yes yes /);
  });

  it.each(NAMES)("%s: each word is in its place", (name) => {
    const letter = exampleLetters()[name];
    const words = wordsOf(get(name).pdf);
    expect(words.length).toBeGreaterThan(10);
    for (const word of words.filter(({ text }) => text !== "NOTIFY")) expect(word).toSatisfy(isIn(printable));
    const above = words.filter(({ page, topMm, bottomMm }) => page === 1 && topMm + bottomMm < 2 * bodyTopMm);
    const inWindow = above.filter(isIn(addressWindow)).map(({ text }) => text);
    const inBlock = above.filter(isIn(contactBlock)).map(({ text }) => text);
    expect(inWindow).toEqual(wordsIn(letter?.parts[0]?.addressLines).map((word) => word.toUpperCase()));
    expect(inBlock).toEqual(wordsIn(letter?.parts[0]?.contactBlock));
    expect(above.filter(({ text }) => text !== "NOTIFY")).toHaveLength(inWindow.length + inBlock.length);
  });

  it("says which page of how many, in the language of the page", () => {
    const { pdf, pages } = get("bilingual");
    expect(pages).toBe(2);
    const [first, second] = textOf(pdf).split("\f");
    expect(first).toMatch(/Eich cais am drwydded barcio[\s\S]*Gŵyl, tŷ, ŷd, ẃ[\s\S]*Tudalen 1 o 2/);
    expect(second).toMatch(/^(?![\s\S]*MRS ANGHARAD)[\s\S]*Your application[\s\S]*Page 2 of 2/);
    expect(informationOf(pdf, "-struct")).toMatch(/H1[\s\S]*L[\s\S]*Lbl[\s\S]*LBody[\s\S]*H1/);
  });

  it("shows what people write, whatever it means elsewhere", () => {
    const { pdf, replacedCharacters } = get("strange");
    const seen = textOf(pdf).replace(/\s+/g, " ");
    expect(seen).toContain('#panic("subject") *bold* <b>$x^2$');
    expect(seen).toContain('#panic("x") \\ `raw` = heading @ref <label> // comment [link] $1/0$ NiHao');
    expect(seen).toMatch(/Dear \(\(name\)\),[\s\S]*Loose one • inner • inner two 2\. Loose two[\s\S]*12\. step 12/);
    expect(replacedCharacters).toEqual(["你", "好", "🙂"]);
  });

  it("sets the same letter in the same octets", async () => {
    const letter = letterOf(englishPart());
    const [one, two] = [await typesetter.typeset(letter), await typesetter.typeset(letter)];
    expect(Buffer.compare(one.pdf, two.pdf)).toBe(0);
  });

  it("puts attachments behind the letter, and promises no standard for them", async () => {
    const attachments = [get("long").pdf, get("plain").pdf];
    const { pdf, pages } = await typesetter.typeset({ ...letterOf(welshPart(), englishPart()), attachments });
    checkWithQpdf(pdf);
    expect(pages).toBe(2 + get("long").pages + 1);
    expect(textOf(pdf).split("\f")).toHaveLength(pages + 1);
    expect(informationOf(pdf, "-meta").trim()).toBe("");
  });

  it("refuses an attachment that is no PDF, and goes on", async () => {
    const attachments = [Buffer.from("not a PDF")];
    await expect(typesetter.typeset({ ...letterOf(englishPart()), attachments })).rejects.toThrow("No letter was set");
    await expect(typesetter.typeset(letterOf(englishPart()))).resolves.toMatchObject({ pages: 1 });
  });

  it.each([
    `<image xlink:href="letter.typ" width="9" height="9"/>`,
    `<image href = 'http://127.0.0.1:9/x.png' width="9" height="9"/>`,
    `<style>@import url(http://127.0.0.1:9/x.css)</style>`,
  ])("refuses a logo that names what is not in it: %s", async (svg) => {
    const logo = { ...SQUARE, bytes: Buffer.from(`${SVG_START}${svg}</svg>`) };
    await expect(typesetter.typeset({ ...letterOf(englishPart()), logo })).rejects.toThrow("logo refers");
  });

  it("draws a logo that names parts of itself, and runs nothing in it", async () => {
    const svg = `<script>process.exit()</script><rect id="r" width="5" height="5"/><use href="#r" x="5"/></svg>`;
    const logo = { ...SQUARE, bytes: Buffer.from(`${SVG_START}${svg}`) };
    await expect(typesetter.typeset({ ...letterOf(englishPart()), logo })).resolves.toMatchObject({ pages: 1 });
  });
});

describe.skipIf(!hasPdfTools || !hasTypst)("the two engines", () => {
  const prepare = letterPreparer();

  it.each([...NAMES, ...Array.from({ length: 12 }, (_, index) => `${index * 3 + 2} paragraphs`)])(
    "agree on every page and line of a letter: %s",
    async (name) => {
      const { openPdfkit } = await import("./pdfkit/pdfkit-engine.ts");
      const example =
        exampleLetters()[name] ?? letterOf(englishPart({ blocks: longBlocks(Number.parseInt(name, 10)) }));
      const { letter } = prepare(example);
      const typst = await openTypst(LETTER_GEOMETRY)?.typeset(letter);
      const pdfkit = await openPdfkit(LETTER_GEOMETRY).typeset(letter);
      expect(pdfkit.pages).toBe(typst?.pages);
      expectSamePlaces(pdfkit.pdf, typst?.pdf ?? Buffer.of());
    },
  );

  it.each(NAMES)("Typst finds nothing against PDF/UA-1 in %s, and the file says it is both", async (name) => {
    const example = exampleLetters()[name];
    if (!example) throw new Error(name);
    const { letter } = prepare(example);
    await expect(openTypst(LETTER_GEOMETRY, "ua-1")?.typeset(letter)).resolves.toBeDefined();
    const archival = await openTypst(LETTER_GEOMETRY)?.typeset(letter);
    const description = informationOf(archival?.pdf ?? Buffer.of(), "-meta");
    expect(description).toMatch(/<pdfaid:part>2<\/pdfaid:part><pdfaid:conformance>A</);
    expect(description).toMatch(/<pdfuaid:part xmlns:pdfuaid="[^"]*">1</);
  });
});

function isIn({ leftMm, topMm, rightMm, bottomMm }: Box) {
  // A word's box is its font's, which is a little higher and lower than its letters.
  return (word: SeenWord) =>
    word.leftMm > leftMm - 0.1 &&
    word.rightMm < rightMm + 0.1 &&
    word.topMm > topMm - 1 &&
    word.bottomMm < bottomMm + 1;
}

/** `Pages:   2` becomes `{ Pages: "2" }`. */
function facts(information: string): Record<string, string> {
  return Object.fromEntries(information.split("\n").map((line) => line.split(/:\s+(.*)/)));
}

function wordsIn(lines: readonly string[] = []): string[] {
  return lines.flatMap((line) => line.split(" ")).filter(Boolean);
}

/** Lines of words with where they stand, a millimetre up or down and as far to the side being the same place. */
function expectSamePlaces(one: Uint8Array, other: Uint8Array): void {
  const [these, those] = [linesOf(one), linesOf(other)];
  expect(these.map(({ page, words }) => `${page}: ${words}`)).toEqual(
    those.map(({ page, words }) => `${page}: ${words}`),
  );
  these.forEach(({ leftMm, bottomMm }, index) => {
    expect(Math.abs(bottomMm - (those[index]?.bottomMm ?? 0))).toBeLessThan(1);
    expect(Math.abs(leftMm - (those[index]?.leftMm ?? 0))).toBeLessThan(1);
  });
}

function linesOf(pdf: Uint8Array) {
  const lines: { page: number; bottomMm: number; leftMm: number; words: string }[] = [];
  for (const { page, bottomMm, leftMm, text } of wordsOf(pdf)) {
    const last = lines.at(-1);
    const word = text.replaceAll("\u200b", "");
    if (last?.page === page && Math.abs(last.bottomMm - bottomMm) < 1) last.words += ` ${word}`;
    else lines.push({ page, bottomMm, leftMm, words: word });
  }
  return lines.sort((a, b) => a.page - b.page || a.words.localeCompare(b.words) || a.bottomMm - b.bottomMm);
}

describe("preparing", () => {
  const prepare = letterPreparer();
  const prepared = (words: string) =>
    prepare(letterOf(englishPart({ subject: [text(words)], blocks: [paragraph(words)] })));

  it.each([
    ["Tŷ Ŵyn – “£5” … €", "Tŷ Ŵyn – “£5” … €", []],
    ["e\u0301", "é", []],
    ["tab\tnew\nline\u2028separator", "tab new line separator", []],
    ["\u202egnp.exe\u0000\ufeff", "gnp.exe", []],
    ["東京", "DongJing", ["東", "京"]],
    ["\u{1f47e}", ":space_invader:", ["\u{1f47e}"]],
    ["\u{1cec0}", "□", ["\u{1cec0}"]],
  ])("%j becomes %j", (words, expected, replaced) => {
    const { letter, replacedCharacters } = prepared(words);
    expect(letter.parts[0]?.subject).toEqual([text(expected)]);
    expect(replacedCharacters).toEqual(replaced);
  });

  it("lets a word that is wider than the page break", () => {
    const [subject] = prepared("x".repeat(100)).letter.parts[0]?.subject ?? [];
    expect(subject).toEqual(text(`${"x".repeat(45)}\u200b${"x".repeat(45)}\u200b${"x".repeat(10)}`));
  });
});
