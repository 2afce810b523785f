/** A chat message as its app will show it, while it is being written: on the server and in the author's browser. */
import { chat } from "../../../../core/channels/chat.ts";
import { type HighlightedPiece, highlightPlaceholders } from "../../../../core/template/highlight-placeholders.ts";
import { parseTemplate } from "../../../../core/template/placeholders.ts";
import { type Example, personalisationOf } from "./examples.ts";

const ANY_STYLE = { name: "", textMode: "unicode", prefixesTexts: false } as const;

export function previewChat(body: string, examples: readonly Example[]): readonly HighlightedPiece[] {
  const text = { subject: undefined, body: parseTemplate(body), source: body };
  return highlightPlaceholders(chat.render(text, personalisationOf(examples), ANY_STYLE).body);
}
