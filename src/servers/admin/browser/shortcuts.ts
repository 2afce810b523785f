/**
 * Keys that lead to places: `/` to the search, `?` to the list of keys, and `g` followed by a letter to the link that bears it
 * (`data-go="m"`). Not while somebody types, and not for who has switched them off (`data-shortcuts` of the body).
 */

const SECOND_KEY_WITHIN_MS = 1_500;
const SHORTCUTS_PAGE = "/shortcuts";

export function startShortcuts(): void {
  if (!("shortcuts" in document.body.dataset)) return;
  let goesUntilMs = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
    const isSecondKey = performance.now() < goesUntilMs;
    goesUntilMs = event.key === "g" && !isSecondKey ? performance.now() + SECOND_KEY_WITHIN_MS : 0;
    const isTaken = isSecondKey ? go(event.key) : press(event.key);
    if (isTaken) event.preventDefault();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(input|textarea|select)$/i.test(target.tagName))
  );
}

/** Whether the key means anything here. */
function press(key: string): boolean {
  if (key === "/") return focusSearch() || go("m");
  if (key === "?") location.assign(SHORTCUTS_PAGE);
  return key === "?";
}

function focusSearch(): boolean {
  const search = document.querySelector<HTMLInputElement>("[role=search] input:not([type=hidden]), input[type=search]");
  search?.focus();
  return search !== null;
}

function go(key: string): boolean {
  const link = /^[a-z]$/.test(key) ? document.querySelector<HTMLAnchorElement>(`a[data-go=${key}]`) : null;
  link?.click();
  return link !== null;
}
