/**
 * The words of an email as part of a page. Mail programs need styles on each element; a page of ours has them in its stylesheet and its
 * policy lets no others in. The same code runs on the server and in the browser.
 */
import type { Personalisation } from "../../../core/template/personalisation.ts";
import { parseTemplate } from "../../../core/template/placeholders.ts";
import { renderEmailHtml } from "../../../core/template/render-email.ts";

const TAG = /<[a-z][^>]*>/gi;
const STYLE = / style="[^"]*"/gi;
/** How placeholders without a value stand in a body that was rendered as text. */
const MARKED = /<span class='placeholder(?:-conditional)?'>(.*?)<\/span>/g;

/** HTML of a template's body with its values; every text in it is escaped. */
export function emailHtml(body: string, personalisation: Personalisation): string {
  return withoutStyles(renderEmailHtml({ body: parseTemplate(body), personalisation }));
}

/** HTML of a body whose values are in it already. */
export function sentEmailHtml(body: string): string {
  const segments = [{ kind: "text", text: body.replace(MARKED, "$1") }] as const;
  return withoutStyles(renderEmailHtml({ body: { segments }, personalisation: {} }));
}

function withoutStyles(html: string): string {
  return html.replace(TAG, (tag) => tag.replace(STYLE, ""));
}
