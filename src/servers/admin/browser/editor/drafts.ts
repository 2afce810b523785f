/** Keeps a draft a moment after the author stops typing, and when they leave the page. */
import type { Text } from "../../catalogue/text.ts";
import type { DraftAnswer } from "../../templates/draft-answer.ts";
import type { EditorSettings } from "../../templates/editor-settings.ts";
import { fieldsOf } from "../form-fields.ts";

const QUIET_MS = 1_500;

export function keepDrafts(form: HTMLFormElement, { draftUrl }: EditorSettings, text: Text): void {
  if (draftUrl === undefined) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let underWay: AbortController | undefined;
  const forget = () => {
    clearTimeout(timer);
    timer = undefined;
    underWay?.abort();
  };
  const save = () => {
    forget();
    underWay = new AbortController();
    void post(form, { url: draftUrl, signal: underWay.signal }, text);
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, QUIET_MS);
  });
  form.addEventListener("submit", forget); // A draft that came after what was saved would outlive it, and be out of date.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && timer !== undefined) save();
  });
}

async function post(
  form: HTMLFormElement,
  { url, signal }: { url: string; signal: AbortSignal },
  text: Text,
): Promise<void> {
  say(text("templateEditor.saving"));
  try {
    const response = await fetch(url, { method: "POST", body: fieldsOf(form), keepalive: true, signal });
    if (!response.ok || response.redirected) throw new Error(`answered ${response.status}`);
    const { said, isOutdated } = (await response.json()) as DraftAnswer;
    say(said);
    const warning = document.querySelector<HTMLElement>("#draft-outdated");
    if (warning) warning.hidden = !isOutdated;
  } catch {
    if (signal.aborted) return; // Newer words are on their way.
    say(text("templateEditor.notSaved"));
  }
}

function say(words: string): void {
  const place = document.querySelector("#draft-status");
  if (place) place.textContent = words;
}
