/** Lists of templates: a search box, and what is chosen. Emails in frames are as tall as they need to be. */
import { fitFrames } from "../fit-frames.ts";

startSearch();
startChoosing();
fitFrames();

/** Hides what does not have all that was typed in its name or ID. */
function startSearch(): void {
  const box = document.querySelector<HTMLElement>("#search-box");
  const field = document.querySelector<HTMLInputElement>("#search");
  if (!box || !field) return;
  box.hidden = false;
  const rows = [...document.querySelectorAll<HTMLElement>("[data-find]")];
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows) row.hidden = !words.every((word) => row.dataset["find"]?.includes(word));
    say("#search-found", rows.filter((row) => !row.hidden).length);
  });
}

/** Says how many are chosen, and what making a folder then means. */
function startChoosing(): void {
  const form = document.querySelector<HTMLFormElement>("#shelf");
  if (!form) return;
  const move = document.querySelector<HTMLElement>("#move");
  const newFolder = document.querySelector<HTMLElement>("#new-folder");
  const summary = newFolder?.querySelector(".govuk-details__summary-text");
  const alone = summary?.textContent ?? "";
  const update = () => {
    const count = form.querySelectorAll("input[name=chosen]:checked").length;
    const counted = document.querySelector<HTMLElement>("#chosen-count");
    if (counted) counted.hidden = count === 0;
    if (count > 0) say("#chosen-count", count);
    if (move) move.hidden = count === 0 && !move.hasAttribute("open");
    if (summary) summary.textContent = count === 0 ? alone : (newFolder?.dataset["chosenSummary"] ?? alone);
  };
  form.addEventListener("change", update);
  update();
}

/** The place has the words for one and for two, of which the number is put right. */
function say(selector: string, count: number): void {
  const place = document.querySelector<HTMLElement>(selector);
  if (!place) return;
  const words = (count === 1 ? place.dataset["one"] : place.dataset["other"]) ?? "";
  place.textContent = words.replace(/\d+/, String(count));
}
