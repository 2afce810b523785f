/**
 * Copies text with a button: `<button hidden data-copy="the text" data-copied="Copied">Copy …</button>`. It is hidden until scripts
 * run, and says so when it has copied.
 */
import { announce } from "./announce.ts";

const SAID_FOR_MS = 3_000;

export function startCopying(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", () => void copy(button));
  }
}

async function copy(button: HTMLButtonElement): Promise<void> {
  const { copy: text = "", copied = "" } = button.dataset;
  await navigator.clipboard.writeText(text);
  announce(copied);
  const label = button.textContent;
  if (label === copied) return; // it says so already
  button.textContent = copied;
  setTimeout(() => {
    button.textContent = label;
  }, SAID_FOR_MS);
}
