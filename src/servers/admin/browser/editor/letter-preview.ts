/** Shows the letter a moment after its author stops typing: the server sets it on paper, and one question is under way at a time. */
import type { EditorSettings } from "../../templates/editor-settings.ts";
import { fitFrame } from "../fit-frames.ts";
import { fieldsOf } from "../form-fields.ts";

const QUIET_MS = 400;
const AGAIN_AFTER_MS = 2_000;

/** Answers what asks for a picture of the form as it is by then. */
export function letterPreview(form: HTMLFormElement, { previewUrl }: Pick<EditorSettings, "previewUrl">): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isUnderWay = false;
  let shown = "";
  const later = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(ask, ms);
  };
  const ask = async () => {
    if (isUnderWay) return later(QUIET_MS);
    const fields = fieldsOf(form);
    if (fields.toString() === shown) return;
    isUnderWay = true;
    const isShown = await fetchInto(previewUrl, fields);
    isUnderWay = false;
    if (isShown) shown = fields.toString();
    else later(AGAIN_AFTER_MS);
  };
  // What the page began with may come after what was typed meanwhile.
  letterFrame()?.addEventListener("load", () => {
    if (shown === "") return;
    shown = "";
    later(QUIET_MS);
  });
  return () => later(QUIET_MS);
}

function letterFrame(): HTMLIFrameElement | null {
  return document.querySelector<HTMLIFrameElement>(".pp-frame--letter");
}

/** Into the frame, whose own policy allows the pictures. Its place on the page is kept. */
async function fetchInto(url: string, body: URLSearchParams): Promise<boolean> {
  const frame = letterFrame();
  const root = frame?.contentDocument?.documentElement;
  if (!frame || !root || frame.contentDocument?.URL === "about:blank") return false; // it is still loading
  try {
    const response = await fetch(url, { method: "POST", body });
    if (!response.ok || response.redirected) return false;
    root.innerHTML = await response.text();
  } catch {
    return false;
  }
  root.lang = "en";
  say(root.querySelector("#said")?.textContent ?? "");
  await Promise.all([...root.querySelectorAll("img")].map((picture) => picture.decode().catch(() => undefined)));
  fitFrame(frame);
  return true;
}

/** Only when it is new: screen readers say it. */
function say(words: string): void {
  const place = document.querySelector("#letter-said");
  const tidied = words.replace(/\s+/g, " ").trim();
  if (place && place.textContent !== tidied) place.textContent = tidied;
}
