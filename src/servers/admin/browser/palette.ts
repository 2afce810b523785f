/**
 * The places to go to, over the page: Ctrl or ⌘ with K opens them, letters narrow them, arrows move among them, Enter goes to the
 * first. Pages bring them along as a template, but for who has switched keys off.
 */

export function startPalette(): void {
  const template = document.querySelector<HTMLTemplateElement>("template#palette");
  if (!template) return;
  let palette: HTMLDialogElement | undefined;
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || event.ctrlKey === event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    palette ??= putOnPage(template);
    if (palette?.open) palette.close();
    else palette?.showModal();
  });
}

function putOnPage(template: HTMLTemplateElement): HTMLDialogElement | undefined {
  document.body.append(template.content.cloneNode(true));
  const dialog = document.querySelector<HTMLDialogElement>("dialog.pp-palette");
  const field = dialog?.querySelector("input");
  if (!dialog || !field) return undefined;
  const links = [...dialog.querySelectorAll<HTMLAnchorElement>("li a")];
  const status = dialog.querySelector<HTMLElement>("[role=status]");
  const shown = () => links.filter(({ parentElement }) => !parentElement?.hidden);
  field.addEventListener("input", () => {
    narrow(links, field.value);
    if (status) status.textContent = shown().length > 0 ? "" : (status.dataset["nothing"] ?? "");
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === field) shown()[0]?.click();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") move([field, ...shown()], event.key);
    else return;
    event.preventDefault();
  });
  return dialog;
}

/** To those in whose words each of these begins somewhere: "te nor" leaves the templates of Northwold. */
function narrow(links: readonly HTMLAnchorElement[], wanted: string): void {
  const parts = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  for (const link of links) {
    const words = link.textContent.toLowerCase().split(/\s+/);
    const isWanted = parts.every((part) => words.some((word) => word.startsWith(part)));
    if (link.parentElement) link.parentElement.hidden = !isWanted;
  }
}

function move(stops: readonly HTMLElement[], key: "ArrowDown" | "ArrowUp"): void {
  const now = stops.findIndex((stop) => stop.matches(":focus"));
  stops[now + (key === "ArrowDown" ? 1 : -1)]?.focus();
}
