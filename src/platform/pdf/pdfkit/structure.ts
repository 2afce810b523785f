/** The order in which a screen reader goes through a letter (PDF structure elements, ISO 32000-1 §14.7), made as things are drawn. */
import type { Place } from "./flow.ts";

type Element = ReturnType<PDFKit.PDFDocument["struct"]>;

export class Structure {
  readonly #doc: PDFKit.PDFDocument;
  readonly #elements = new Map<Place, Element>();

  constructor(doc: PDFKit.PDFDocument) {
    this.#doc = doc;
  }

  /** What `draw` draws belongs to `place`; a place may be marked more than once, as where a paragraph goes over two pages. */
  mark(place: Place, draw: () => void): void {
    const content = this.#doc.markStructureContent(place.type);
    draw();
    this.#doc.endMarkedContent();
    this.#elementOf(place).add(content);
  }

  /** After a part's last: nothing more comes to any place so far. */
  end(): void {
    for (const element of this.#elements.values()) element.end();
    this.#elements.clear();
  }

  #elementOf(place: Place): Element {
    const known = this.#elements.get(place);
    if (known) return known;
    const { type, parent, language, alternative } = place;
    const element = this.#doc.struct(type, {
      ...(language ? { lang: language } : {}),
      ...(alternative ? { alt: alternative } : {}),
    });
    if (parent) this.#elementOf(parent).add(element);
    else this.#doc.addStructure(element);
    this.#elements.set(place, element);
    return element;
  }
}
