/**
 * Pages: Nunjucks templates beside the code that fills them, each fed one typed object. Escaping is on, and a value that is missing
 * is an error, not a gap.
 *
 *     const page = pagesIn("servers/api/docs");
 *     const showReference = page<{ title: string }>("reference.njk");
 *     showReference({ title: "API reference" }) → HTML
 */
import nunjucks from "nunjucks";
import { assetPath } from "./package-files.ts";

/** Makes pages from the templates in a folder of the code. Templates are read when first shown, and then kept. */
export function pagesIn(folder: string): <Data extends object>(template: string) => (data: Data) => string {
  const loader = new nunjucks.FileSystemLoader(assetPath(folder));
  const environment = new nunjucks.Environment(loader, { autoescape: true, throwOnUndefined: true, trimBlocks: true });
  return (template) => (data) => environment.render(template, data);
}
