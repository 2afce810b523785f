/** What is watched on a page of messages is asked for again when it has come further than the page says: its status, its timeline. */
import { announce } from "../announce.ts";
import { fitFrames } from "../fit-frames.ts";
import { onLive } from "../live.ts";
import { refresher } from "../parts.ts";

fitFrames();

const REFRESH_EVERY_MS = 1_000;

const watched = document.querySelector<HTMLElement>("[data-watched]");
if (watched) {
  let { known } = watched.dataset;
  let words = statusWords();
  const refresh = refresher(REFRESH_EVERY_MS, () => {
    const now = statusWords();
    if (now && now !== words) announce(now);
    words = now;
    fitFrames();
  });
  onLive(watched.dataset["watched"] ?? "", (data) => {
    const now = JSON.stringify(data);
    if (now !== known) refresh();
    known = now;
  });
}

/** Of the one message that the page is about. */
function statusWords(): string | undefined {
  return document.querySelector("[data-status-words]")?.textContent;
}
