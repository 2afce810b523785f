/**
 * Sets letters anywhere that Node runs, where Typst is not to be had: laid out by hand with the same geometry and the same typeface, so
 * that a letter has as many pages as with Typst. Tagged PDF/A-2a (ISO 19005-2).
 */
import { once } from "node:events";
import PDFDocument from "pdfkit";
import type { Letter, LetterGeometry, LetterPart } from "../letter.ts";
import type { LetterEngine } from "../letter-engine.ts";
import { openFace, readFace } from "../letter-fonts.ts";
import { LETTER_STYLE, PAGE_WORDS, POINTS_PER_MM } from "../letter-style.ts";
import { titleOf } from "../letter-words.ts";
import { type Faces, type Line, widthOfText } from "./break-lines.ts";
import { flowPart, type Leaf, type Place } from "./flow.ts";
import { bodyTopOf, type FittedLines, fitAddress, fitContactBlock } from "./letterhead.ts";
import { type LogoPicture, readLogo } from "./logo-picture.ts";
import { type Paginated, paginate } from "./paginate.ts";
import { Structure } from "./structure.ts";

const { page, bodyTopMm, bodyBottomMm, pageNumber, cornerTag, placeholderColour, textBase } = LETTER_STYLE;
const FACE_NAMES = { regular: "letter-regular", bold: "letter-bold" } as const;

interface Fonts {
  readonly faces: Faces;
  readonly files: Readonly<Record<keyof typeof FACE_NAMES, Buffer>>;
}

export function openPdfkit(geometry: LetterGeometry): LetterEngine {
  const faces = { regular: openFace("regular"), bold: openFace("bold") };
  const fonts = { faces, files: { regular: readFace("regular"), bold: readFace("bold") } };
  return { typeset: (letter) => typeset(letter, { geometry, fonts }) };
}

/** A part with everything on it measured and put in its place. */
interface SetPart {
  readonly part: LetterPart;
  readonly place: Place;
  readonly contact: FittedLines | undefined;
  readonly address: FittedLines | undefined;
  readonly body: Paginated;
}

async function typeset(letter: Letter, { geometry, fonts }: { geometry: LetterGeometry; fonts: Fonts }) {
  const parts = letter.parts.map((part) => setPart(part, { letter, geometry, faces: fonts.faces }));
  const pages = parts.reduce((sum, { body }) => sum + body.pages, 0);
  const doc = openDocument(letter, fonts);
  const chunks: Buffer[] = [];
  doc.on("data", (chunk) => chunks.push(chunk));
  const ended = once(doc, "end");
  const logo = letter.logo && (await readLogo(letter.logo));
  const painter = new Painter(doc, { geometry, faces: fonts.faces, logo });
  parts.forEach((part, index) => {
    painter.paint(part, { pages, cornerTag: index === 0 ? letter.cornerTag : undefined });
  });
  doc.end();
  await ended;
  return { pdf: Buffer.concat(chunks), pages };
}

function setPart(
  part: LetterPart,
  { letter, geometry, faces }: { letter: Letter; geometry: LetterGeometry; faces: Faces },
): SetPart {
  const { contactBlock, addressLines } = part;
  const contact =
    contactBlock.length > 0 ? fitContactBlock(contactBlock, { faces, box: geometry.contactBlock }) : undefined;
  const address =
    addressLines.length > 0 ? fitAddress(addressLines, { faces, box: geometry.addressWindow }) : undefined;
  const place: Place = { type: "Document", language: part.language };
  const widthPt = (geometry.printable.rightMm - geometry.printable.leftMm) * POINTS_PER_MM;
  const firstTopPt = bodyTopOf(part, { letter, geometry, contact });
  const body = paginate(flowPart(part, { faces, place, widthPt }), {
    firstTopPt,
    topPt: bodyTopMm * POINTS_PER_MM,
    bottomPt: bodyBottomMm * POINTS_PER_MM,
    isFirstPageBegun: contact !== undefined || address !== undefined || letter.logo !== undefined,
  });
  return { part, place, contact, address, body };
}

function openDocument(letter: Letter, { files }: Fonts): PDFKit.PDFDocument {
  const { createdAt } = letter;
  const doc = new PDFDocument({
    autoFirstPage: false,
    size: [page.widthMm * POINTS_PER_MM, page.heightMm * POINTS_PER_MM],
    margin: 0,
    pdfVersion: "1.7",
    subset: "PDF/A-2a",
    tagged: true,
    displayTitle: true,
    lang: letter.parts[0]?.language ?? "en",
    info: {
      Title: titleOf(letter.parts),
      Creator: "Pennypost",
      Producer: "pdfkit",
      CreationDate: createdAt,
      ModDate: createdAt,
    },
  } as PDFKit.PDFDocumentOptions);
  for (const [face, name] of Object.entries(FACE_NAMES)) doc.registerFont(name, files[face as keyof typeof files]);
  return doc;
}

interface LinePlace {
  readonly leftPt: number;
  readonly topPt: number;
  readonly sizePt: number;
  readonly isLast: boolean;
}

interface PainterOptions {
  readonly geometry: LetterGeometry;
  readonly faces: Faces;
  readonly logo: LogoPicture | undefined;
}

/** Draws what has its place already, and tells the structure of it. */
class Painter {
  readonly #doc: PDFKit.PDFDocument;
  readonly #options: PainterOptions;
  readonly #structure: Structure;
  #pageCount = 0;

  constructor(doc: PDFKit.PDFDocument, options: PainterOptions) {
    this.#doc = doc;
    this.#options = options;
    this.#structure = new Structure(doc);
  }

  paint(set: SetPart, { pages, cornerTag: tag }: { pages: number; cornerTag: string | undefined }): void {
    this.#addPage(set, pages);
    if (tag) this.#paintCornerTag(tag);
    this.#paintLetterhead(set);
    let page = 0;
    for (const { leaf, index, page: onPage, topPt } of set.body.lines) {
      for (; page < onPage; page++) this.#addPage(set, pages);
      this.#paintLeaf(leaf, { index, topPt });
    }
    for (; page < set.body.pages - 1; page++) this.#addPage(set, pages);
    this.#structure.end();
  }

  #addPage({ part }: SetPart, pages: number): void {
    this.#doc.addPage();
    this.#pageCount += 1;
    const words = PAGE_WORDS[part.language];
    const text = `${words.page} ${this.#pageCount} ${words.of} ${pages}`;
    const { sizePt, baselineMm } = pageNumber;
    const width = widthOfText(text, { faces: this.#options.faces, face: "regular", sizePt });
    const leftPt = this.#options.geometry.printable.rightMm * POINTS_PER_MM - width;
    this.#asArtifact(() => this.#text(text, { leftPt, basePt: baselineMm * POINTS_PER_MM, sizePt }));
  }

  #paintCornerTag(tag: string): void {
    const { sizePt, leftMm, topMm } = cornerTag;
    const basePt = topMm * POINTS_PER_MM + textBase * sizePt;
    this.#asArtifact(() => this.#text(tag, { leftPt: leftMm * POINTS_PER_MM, basePt, sizePt, colour: "white" }));
  }

  #paintLetterhead({ place, contact, address }: SetPart): void {
    if (this.#options.logo) this.#paintLogo(this.#options.logo, place);
    for (const fitted of [contact, address]) {
      if (fitted) this.#structure.mark({ type: "P", parent: place }, () => this.#paintFitted(fitted));
    }
  }

  #paintLogo({ bytes, widthPx, heightPx, description }: LogoPicture, parent: Place): void {
    const { leftMm, topMm, rightMm, bottomMm } = this.#options.geometry.logo;
    const [width, height] = [(rightMm - leftMm) * POINTS_PER_MM, (bottomMm - topMm) * POINTS_PER_MM];
    const scale = Math.min(width / widthPx, height / heightPx);
    const [left, top] = [leftMm * POINTS_PER_MM, topMm * POINTS_PER_MM];
    this.#structure.mark({ type: "Figure", parent, alternative: description }, () =>
      this.#doc.image(bytes, left, top, { width: widthPx * scale, height: heightPx * scale }),
    );
  }

  #paintFitted({ lines, leftPt, topPt, sizePt, pitchPt }: FittedLines): void {
    lines.forEach((line, index) => {
      this.#paintLine(line, { leftPt, topPt: topPt + index * pitchPt, sizePt, isLast: index === lines.length - 1 });
    });
  }

  #paintLeaf(leaf: Leaf, { index, topPt }: { index: number; topPt: number }): void {
    const leftPt = this.#options.geometry.printable.leftMm * POINTS_PER_MM;
    const { marker, code } = leaf;
    if (marker && index === 0) {
      const basePt = topPt + textBase * LETTER_STYLE.body.sizePt;
      this.#structure.mark(marker.place, () =>
        this.#text(marker.text, { leftPt: leftPt + marker.xPt, basePt, sizePt: LETTER_STYLE.body.sizePt }),
      );
    }
    if (code) this.#structure.mark(leaf.place, () => this.#paintCode(code, leftPt + leaf.xPt, topPt));
    const line = leaf.lines[index];
    if (line && line.length > 0) {
      const isLast = index === leaf.lines.length - 1;
      const at = { leftPt: leftPt + leaf.xPt, topPt, sizePt: leaf.sizePt, isLast };
      this.#structure.mark(leaf.place, () => this.#paintLine(line, at));
    }
  }

  #paintCode({ runs, modules, sizeMm }: NonNullable<Leaf["code"]>, leftPt: number, topPt: number): void {
    const side = (sizeMm * POINTS_PER_MM) / modules;
    for (const { x, y, length } of runs) this.#doc.rect(leftPt + x * side, topPt + y * side, length * side, side);
    this.#doc.fill("black");
  }

  #paintLine(line: Line, { leftPt, topPt, sizePt, isLast }: LinePlace): void {
    line.forEach(({ text, face, xPt, widthPt, isPlaceholder }, index) => {
      if (isPlaceholder) this.#doc.rect(leftPt + xPt, topPt - 1, widthPt, sizePt + 2).fill(placeholderColour);
      // Read aloud, the last word of a line and the first of the next are two.
      const read = index === line.length - 1 && !isLast ? `${text} ` : text;
      this.#text(read, { leftPt: leftPt + xPt, basePt: topPt + textBase * sizePt, sizePt, face });
    });
  }

  #text(
    text: string,
    at: { leftPt: number; basePt: number; sizePt: number; face?: keyof typeof FACE_NAMES; colour?: string },
  ): void {
    if (text === "") return;
    this.#doc
      .font(FACE_NAMES[at.face ?? "regular"])
      .fontSize(at.sizePt)
      .fillColor(at.colour ?? "black")
      .text(text, at.leftPt, at.basePt, { lineBreak: false, baseline: "alphabetic" });
  }

  #asArtifact(draw: () => void): void {
    this.#doc.markContent("Artifact", { type: "Pagination" });
    draw();
    this.#doc.endMarkedContent();
  }
}
