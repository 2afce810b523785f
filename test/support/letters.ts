/** Letters for tests and measurements, as a council might send them. */
import { ADDRESS_SEARCH_AREA, inkAreas } from "../../src/core/letter/page-geometry.ts";
import type { InspectionRules } from "../../src/platform/pdf/inspect/inspection.ts";
import type { Letter, LetterBlock, LetterInline, LetterPart } from "../../src/platform/pdf/letter.ts";

/** What is looked for in a letter from outside. */
export const LETTER_RULES: InspectionRules = {
  pagesMax: 10,
  inkAreas: { firstPage: inkAreas(1), otherPages: inkAreas(2) },
  textArea: ADDRESS_SEARCH_AREA,
  cornerTag: "NOTIFY",
};

export const EXAMPLE_LOGO = Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 80">` +
    `<circle cx="40" cy="40" r="36" fill="#00573f"/><path d="M16 52 34 30l10 12 8-8 14 18z" fill="#fff"/>` +
    `<rect x="92" y="22" width="210" height="12" fill="#00573f"/><rect x="92" y="46" width="150" height="12" fill="#7a9a01"/></svg>`,
);

const SENTENCE =
  "We have looked at your application for a resident’s parking permit and need one more thing from you before we can decide. ";

export const text = (words: string): LetterInline => ({ kind: "text", text: words });
const bold = (words: string): LetterInline => ({ kind: "text", text: words, isBold: true });
export const paragraph = (...content: (string | LetterInline)[]): LetterBlock => ({
  kind: "paragraph",
  content: content.map((one) => (typeof one === "string" ? text(one) : one)),
});
const heading = (words: string): LetterBlock => ({ kind: "heading", content: [text(words)] });
const item = (words: string): LetterBlock[] => [{ kind: "lines", content: [text(words)] }];
const list = (ordered: boolean, ...items: string[]): LetterBlock => ({
  kind: "list",
  ordered,
  items: items.map(item),
});

export function englishPart(differences: Partial<LetterPart> = {}): LetterPart {
  return {
    language: "en",
    addressLines: ["Mrs Angharad Pugh", "Flat 3, Tŷ Coch", "14 Heol y Bont", "Aberystwyth", "SY23 1AB"],
    contactBlock: [
      "Parking Services",
      "Ceredigion Example Council",
      "Penmorfa",
      "Aberaeron",
      "SA46 0PA",
      "",
      "01545 000 000",
    ],
    date: "4 March 2026",
    subject: [text("Your application for a parking permit")],
    blocks: [
      paragraph("Dear Mrs Pugh,"),
      paragraph(SENTENCE.trim()),
      heading("What you need to send us"),
      paragraph("Send us a copy of one of these, no older than three months:"),
      list(
        false,
        "a council tax bill",
        "a bank or building society statement",
        "a letter from your landlord, with their name, their address and the dates between which you have agreed to rent your home",
      ),
      heading("How to send it"),
      list(
        true,
        "Take a photograph, or make a copy.",
        "Send it through ceredigion.example/permits or by post.",
        "Keep the original.",
      ),
      paragraph("Or scan this with your phone:"),
      { kind: "qr-code", data: "https://ceredigion.example/permits/4711" },
      paragraph("You have until ", bold("18 March 2026"), " to do this."),
      paragraph("Yours sincerely,"),
      { kind: "gap" },
      paragraph("Rhodri Example", { kind: "line-break" }, "Head of Parking Services"),
    ],
    ...differences,
  };
}

export function welshPart(differences: Partial<LetterPart> = {}): LetterPart {
  return englishPart({
    language: "cy",
    date: "4 Mawrth 2026",
    subject: [text("Eich cais am drwydded barcio")],
    blocks: [
      paragraph("Annwyl Mrs Pugh,"),
      paragraph(
        "Rydym wedi edrych ar eich cais am drwydded barcio i breswylwyr, ac mae angen un peth arall arnom gennych cyn y gallwn benderfynu.",
      ),
      heading("Beth mae angen i chi ei anfon"),
      list(false, "bil treth gyngor", "cyfriflen banc", "llythyr gan eich landlord"),
      paragraph("Mae gennych tan ", bold("18 Mawrth 2026"), ". Gŵyl, tŷ, ŷd, ẃ."),
    ],
    ...differences,
  });
}

export function letterOf(...parts: LetterPart[]): Letter {
  return { parts, createdAt: new Date("2026-03-04T10:00:00Z"), cornerTag: "NOTIFY" };
}

/** Paragraphs enough for some pages. */
export function longBlocks(paragraphs: number): LetterBlock[] {
  return Array.from({ length: paragraphs }, (_, index) =>
    index % 7 === 3
      ? heading(`Part ${index}`)
      : paragraph(`${index + 1}. ${SENTENCE.repeat(1 + ((index * 5) % 6))}`.trim()),
  );
}

/** One of each kind. */
export function exampleLetters(): Record<string, Letter> {
  const logo = { format: "svg", bytes: EXAMPLE_LOGO, description: "Ceredigion Example Council" } as const;
  const { addressLines, contactBlock, ...rest } = englishPart();
  return {
    "one-page": { ...letterOf(englishPart()), logo },
    plain: letterOf(englishPart({ contactBlock: [], blocks: [paragraph(SENTENCE)] })),
    bilingual: { ...letterOf(welshPart(), { ...rest, addressLines: [], contactBlock, date: "" }), logo },
    long: { ...letterOf(englishPart({ blocks: longBlocks(40) })), logo },
    crowded: letterOf(
      englishPart({
        addressLines: Array.from(
          { length: 7 },
          (_, index) => `${index + 1} ${"Long address line of wide words ".repeat(4)}`,
        ),
        contactBlock: Array.from(
          { length: 30 },
          (_, index) => `Line ${index + 1} of a long contact block with many words`,
        ),
      }),
    ),
    strange: letterOf(
      englishPart({
        subject: [text('#panic("subject") *bold* <b>$x^2$')],
        blocks: [
          paragraph('#panic("x") \\ `raw` = heading @ref <label> // comment [link] $1/0$ 你好 🙂 Ω \u0000\u202e'),
          paragraph(`https://example.com/${"a-very-long-path/".repeat(20)}${"x".repeat(200)}`),
          {
            kind: "paragraph",
            content: [text("Dear "), { kind: "text", text: "((name))", isPlaceholder: true }, text(",")],
          },
          { kind: "page-break" },
          {
            kind: "list",
            ordered: true,
            items: [[paragraph("Loose one"), list(false, "inner", "inner two")], [paragraph("Loose two")]],
          },
          list(true, ...Array.from({ length: 12 }, (_, index) => `step ${index + 1}`)),
        ],
      }),
    ),
  };
}
