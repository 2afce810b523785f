/** The typesetter's thread: prepares letters, sets them with the engine that is to be had, and appends what belongs behind them. */
import { answerOrders } from "../threads/answer-orders.ts";
import { appendPages } from "./append-pages.ts";
import type { Letter, LetterGeometry, TypesetLetter } from "./letter.ts";
import type { EngineName, LetterEngine } from "./letter-engine.ts";
import { letterPreparer } from "./prepare-letter.ts";
import { openTypst } from "./typst/typst-engine.ts";

export interface TypesetSettings {
  readonly geometry: LetterGeometry;
  /** Without one: Typst where it is to be had, else pdfkit. */
  readonly engine: EngineName | undefined;
}

export type TypesetSkills = {
  engine: { order: undefined; answer: EngineName };
  typeset: { order: Letter; answer: TypesetLetter };
};

await answerOrders(async (settings: TypesetSettings) => {
  const prepare = letterPreparer();
  const { name, engine } = await openEngine(settings);
  return {
    engine: () => name,
    typeset: async (order: Letter): Promise<TypesetLetter> => {
      const { letter, replacedCharacters } = prepare(order);
      const own = await engine.typeset(letter);
      const { pdf, pages } = await appendPages(own, letter.attachments ?? []);
      return { pdf, pages, replacedCharacters };
    },
  };
});

async function openEngine({ engine, geometry }: TypesetSettings): Promise<{ name: EngineName; engine: LetterEngine }> {
  const typst = engine === "pdfkit" ? undefined : openTypst(geometry);
  if (typst) return { name: "typst", engine: typst };
  if (engine === "typst") throw new Error("Typst is not to be had on this machine");
  const { openPdfkit } = await import("./pdfkit/pdfkit-engine.ts");
  return { name: "pdfkit", engine: openPdfkit(geometry) };
}
