/**
 * Pages: Nunjucks templates beside the code that fills them, each fed one typed object. Escaping is on, and a value that is missing
 * is an error, not a gap.
 *
 *     const page = pagesIn("servers/api/docs");
 *     const showReference = page<{ title: string }>("reference.njk");
 *     showReference({ title: "API reference" }) → HTML
 */
import nunjucks from "nunjucks";
import { assetPath, packagePath } from "./package-files.ts";

declare const madeByUs: unique symbol;

/** HTML that was made by us and is shown as it is; everything else is escaped. */
export interface SafeHtml {
  readonly [madeByUs]: true;
}

/** Marks HTML as made by us, of parts that were escaped. */
export function safeHtml(html: string): SafeHtml {
  return new nunjucks.runtime.SafeString(html) as unknown as SafeHtml;
}

const ESCAPED: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** For text that becomes part of HTML made in code. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPED[character] ?? character);
}

/**
 * Makes pages from the templates in a folder of the code. Templates are read when first shown, and then kept.
 * `libraries` are folders of packages whose templates may be imported too.
 */
export function pagesIn(
  folder: string,
  libraries: readonly string[] = [],
): <Data extends object>(template: string) => (data: Data) => string {
  const folders = [assetPath(folder), ...libraries.map((library) => packagePath(`node_modules/${library}`))];
  const loader = new nunjucks.FileSystemLoader(folders);
  const environment = new nunjucks.Environment(loader, { autoescape: true, throwOnUndefined: true, trimBlocks: true });
  return (template) => (data) => environment.render(template, data);
}
