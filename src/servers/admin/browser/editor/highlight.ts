/** Marks placeholders in a field, by the same text behind it. */
import { highlightPlaceholders } from "../../../../core/template/highlight-placeholders.ts";
import { nodesOf } from "./pieces.ts";

/** Keeps a last empty line as tall in the text behind as it is in the field. */
const LAST_LINE = "\n";

export function highlight(field: HTMLElement & { value: string }): void {
  const around = document.createElement("div");
  const back = document.createElement("div");
  around.className = "pp-highlighted";
  back.className = "pp-highlighted__back govuk-textarea";
  back.setAttribute("aria-hidden", "true");
  field.replaceWith(around);
  around.append(back, field);
  const show = () => {
    back.replaceChildren(...nodesOf(highlightPlaceholders(field.value)), LAST_LINE);
    back.scrollTop = field.scrollTop;
  };
  field.addEventListener("input", show);
  field.addEventListener("scroll", () => {
    back.scrollTop = field.scrollTop;
  });
  show();
}
