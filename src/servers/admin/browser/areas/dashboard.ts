/** Counters move by themselves (`live.ts`); what else the page tells of the same messages follows, not quite as often. */
import { onLive } from "../live.ts";
import { refresher } from "../parts.ts";

const REFRESH_EVERY_MS = 5_000;

const topic = document.querySelector<HTMLElement>("[data-live]")?.dataset["live"];
if (topic) {
  const refresh = refresher(REFRESH_EVERY_MS);
  let known = shownNumbers();
  onLive(topic, () => {
    const now = shownNumbers();
    if (now !== known) refresh();
    known = now;
  });
}

function shownNumbers(): string {
  return [...document.querySelectorAll("[data-live-field]")].map(({ textContent }) => textContent).join();
}
