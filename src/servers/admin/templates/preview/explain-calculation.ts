/** What a text costs and why, in words. */
import type { TextCalculation } from "../../../../core/sms/calculate-text.ts";
import type { Text } from "../../catalogue/text.ts";

export interface CalculationInWords {
  cost: string;
  /** The encoding, and how much room there is. */
  facts: readonly string[];
  /** What makes it dearer, or is sent otherwise than typed. */
  notes: readonly string[];
  /** One-click replacements of characters that cost; `from` names them. */
  offers: readonly { from: string; words: string }[];
}

/** `price` is that of one text at home, as money. The same words on the server and in the browser. */
export function explainCalculation(calculation: TextCalculation, price: string, text: Text): CalculationInWords {
  return {
    cost: text("templateEditor.cost", { count: calculation.fragments, price }),
    facts: [text(`templateEditor.${calculation.encoding}`), ...roomIn(calculation, text)],
    notes: notesOn(calculation, text),
    offers: calculation.offered.map(({ from, to }) => ({
      from,
      words: text("templateEditor.offer", { from, to: to.trim() }),
    })),
  };
}

function roomIn({ charactersLeft, charactersOver }: TextCalculation, text: Text): string[] {
  const room = text("templateEditor.room", { count: charactersLeft });
  return charactersOver === undefined ? [room] : [room, text("templateEditor.over", { count: charactersOver })];
}

function notesOn(calculation: TextCalculation, text: Text): string[] {
  const { isTooLong, characters, charactersMax, double, forcingUcs2, replaced } = calculation;
  const tooLong = text("templateEditor.tooLong", { count: characters, limit: charactersMax });
  return [
    ...(isTooLong ? [tooLong] : []),
    ...(double.length > 0 ? [text("templateEditor.double", { characters: double.join(" ") })] : []),
    ...(forcingUcs2.length > 0 ? [text("templateEditor.forcing", { characters: forcingUcs2.join(" ") })] : []),
    ...replaced.map(({ from, to }) => text("templateEditor.replaced", { from, to })),
  ];
}
