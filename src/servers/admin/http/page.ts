/**
 * Shows a page: a view beside its endpoint, fed one typed object, inside the layout. Views also have `text` (the catalogue), `formats`
 * (`formats.time(moment)`), `csrf` (the hidden field that every form carries) and `layout`.
 *
 *     const showTemplates = page<{ templates: readonly Row[] }>("templates/list.njk");
 *     return showTemplates(visit, { templates });
 */
import { escapeHtml, pagesIn, type SafeHtml, safeHtml } from "../../../platform/views.ts";
import type { Text } from "../catalogue/text.ts";
import type { Formats } from "../formats/formats.ts";
import { type Layout, layoutOf } from "../layout/layout.ts";
import type { Answer } from "./answer.ts";
import type { Visit } from "./visit.ts";

export const CSRF_FIELD = "_csrf";

const view = pagesIn("servers/admin", ["govuk-frontend/dist"]);

interface Surroundings {
  text: Text;
  formats: Formats;
  csrf: SafeHtml;
  layout: Layout;
}

/** Makes a page of a view, named from the folder of the admin. Its names must not be those the layout brings. */
export function page<Data extends object & { [Name in keyof Surroundings]?: never }>(
  template: string,
): (visit: Visit, data: Data) => Answer {
  const render = view<Data & Surroundings>(template);
  return (visit, data) => ({
    status: 200,
    headers: { "content-type": "text/html; charset=utf-8" },
    body: render({ ...data, ...surroundingsOf(visit) }),
  });
}

function surroundingsOf(visit: Visit): Surroundings {
  const { text, formats } = visit;
  const field = `<input type="hidden" name="${CSRF_FIELD}" value="${escapeHtml(visit.csrfToken())}">`;
  return { text, formats, csrf: safeHtml(field), layout: layoutOf(visit) };
}
