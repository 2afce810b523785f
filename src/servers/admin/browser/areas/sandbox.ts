/** The phone and the mailbox show what comes while it comes, and a text is sent without leaving the page. */
import { announce } from "../announce.ts";
import { onLive } from "../live.ts";
import { refresher } from "../parts.ts";

const REFRESH_EVERY_MS = 500;

const sandbox = document.querySelector<HTMLElement>(".pp-sandbox");
const seen = new Set<string>();
const refresh = refresher(REFRESH_EVERY_MS, showNew);

noteSeen();
scrollToNewest();
onLive("platform.sandbox", refresh);
document.querySelector<HTMLFormElement>(".pp-sandbox-phone__answer")?.addEventListener("submit", (event) => {
  event.preventDefault();
  void send(event.currentTarget as HTMLFormElement);
});

function noteSeen(): HTMLElement[] {
  const unseen = [...document.querySelectorAll<HTMLElement>("[data-new]")].filter(
    ({ dataset }) => !seen.has(dataset["new"] ?? ""),
  );
  for (const { dataset } of unseen) seen.add(dataset["new"] ?? "");
  return unseen;
}

function showNew(): void {
  const unseen = noteSeen();
  if (unseen.length === 0) return;
  for (const element of unseen) element.classList.add("pp-sandbox-new");
  scrollToNewest();
  announce(sandbox?.dataset["said"] ?? "");
}

function scrollToNewest(): void {
  const screen = document.querySelector(".pp-sandbox-phone__screen");
  if (screen) screen.scrollTop = screen.scrollHeight;
}

/** What the server refuses, it says on the page that the form leads to without scripts. */
async function send(form: HTMLFormElement): Promise<void> {
  const body = new URLSearchParams(
    [...new FormData(form)].map(([name, value]): [string, string] => [name, `${value}`]),
  );
  const response = await fetch(form.action, { method: "POST", body }).catch(() => undefined);
  if (!response?.ok) {
    form.submit();
    return;
  }
  const text = form.querySelector("textarea");
  if (text) text.value = "";
  refresh();
}
