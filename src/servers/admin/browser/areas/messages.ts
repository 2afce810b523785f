/**
 * What is watched on a page of messages is asked for again when it has come further than the page says: its status, its timeline. A form
 * that says that the page was looked at is sent by itself.
 */
import { announce } from "../announce.ts";
import { fitFrames } from "../fit-frames.ts";
import { fieldsOf } from "../form-fields.ts";
import { onLive } from "../live.ts";
import { refresher } from "../parts.ts";

const REFRESH_EVERY_MS = 1_000;

/** Up to where this page has told that it was looked at: what somebody makes unread again meanwhile stays so. */
const lookedAt = new Set<string>();

fitFrames();
tellLookedAt();
document.addEventListener("visibilitychange", tellLookedAt);

const watched = document.querySelector<HTMLElement>("[data-watched]");
if (watched) {
  let { known } = watched.dataset;
  let words = statusWords();
  const refresh = refresher(REFRESH_EVERY_MS, () => {
    const now = statusWords();
    if (now && now !== words) announce(now);
    words = now;
    fitFrames();
    tellLookedAt();
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

/** Without scripts the form's button does it: looking at a page changes nothing by itself. */
function tellLookedAt(): void {
  const form = document.querySelector<HTMLFormElement>("form[data-looked-at]");
  const upTo = form?.dataset["lookedAt"];
  if (document.hidden || !form || upTo === undefined || lookedAt.has(upTo)) return;
  lookedAt.add(upTo);
  void fetch(form.action, { method: "POST", body: fieldsOf(form), redirect: "manual" }).catch(() => undefined);
}
