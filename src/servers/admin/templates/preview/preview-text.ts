/**
 * A text as a phone will show it, and what it will cost, while it is being written. The same code runs on the server and in the
 * author's browser.
 */
import { calculateText, type SendingStyle, type TextCalculation } from "../../../../core/sms/calculate-text.ts";
import { toSmsText, withPrefix } from "../../../../core/sms/text-mode.ts";
import { type HighlightedPiece, highlightPlaceholders } from "../../../../core/template/highlight-placeholders.ts";
import { type Condition, fillIn, type Placeholder, parseTemplate } from "../../../../core/template/placeholders.ts";
import { type Example, personalisationOf } from "./examples.ts";

export interface TextPreview {
  /** As it would be sent; what has no value yet stands as a placeholder. */
  pieces: readonly HighlightedPiece[];
  /** Of the text without the placeholders that have no value. */
  calculation: TextCalculation;
}

/** previewText("Hi ((name))", [{ name: "name", value: "Ann" }], style).calculation.fragments → 1 */
export function previewText(body: string, examples: readonly Example[], style: SendingStyle): TextPreview {
  const template = parseTemplate(body);
  const values = personalisationOf(examples);
  const shown = toSmsText(fillIn(template, values, { lists: "sentence" }), style.textMode);
  const counted = fillIn(template, values, { lists: "sentence", unfilled: withoutValue });
  return {
    pieces: highlightPlaceholders(style.prefixesTexts ? withPrefix(shown, style.name, style.textMode) : shown),
    calculation: onlyOwnOffers(calculateText(counted, style), body),
  };
}

/** What costs in a value, or in the service's name, is not the template's to replace. */
function onlyOwnOffers(calculation: TextCalculation, body: string): TextCalculation {
  return { ...calculation, offered: calculation.offered.filter(({ from }) => body.includes(from)) };
}

/** A condition's words are counted: some recipients will get them. */
function withoutValue(segment: Placeholder | Condition): string {
  return segment.kind === "condition" ? segment.text : "";
}
