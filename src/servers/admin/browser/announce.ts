/** Tells screen readers what changed, politely and not too often: the latest of several wins. */
const QUIET_MS = 2_000;

let waiting: string | undefined;
let isQuiet = false;

export function announce(text: string): void {
  waiting = text;
  if (!isQuiet) say();
}

function say(): void {
  isQuiet = waiting !== undefined;
  const status = document.querySelector("#live-status");
  if (waiting === undefined || !status) return;
  status.textContent = waiting;
  waiting = undefined;
  setTimeout(say, QUIET_MS);
}
