/**
 * Parts of a page that are kept fresh: elements with an id and `data-part`. The page is asked for again, and the parts that differ take
 * the place of those shown. A part that has the focus in it, or is open, stays as it is for its reader.
 */

/** This page as it is now; undefined when it cannot be had. */
export async function fetchPage(): Promise<Document | undefined> {
  const response = await fetch(location.href, { headers: { accept: "text/html" } });
  if (!response.ok || response.redirected) return undefined;
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

/** Makes a function that refreshes soon, and not again before `everyMs` have passed, however often it is called. */
export function refresher(everyMs: number, onFresh: () => void = () => {}): () => void {
  let isWanted = false;
  let isBusy = false;
  const refresh = async () => {
    isBusy = true;
    isWanted = false;
    await refreshParts().then(onFresh, () => {}); // offline: the next event asks again
    setTimeout(() => {
      isBusy = false;
      if (isWanted) void refresh();
    }, everyMs);
  };
  return () => {
    isWanted = true;
    if (!isBusy) void refresh();
  };
}

async function refreshParts(): Promise<void> {
  const page = await fetchPage();
  if (!page) return;
  for (const shown of document.querySelectorAll<HTMLElement>("[data-part]")) {
    const fresh = page.getElementById(shown.id);
    if (fresh && !isInUse(shown) && !shown.isEqualNode(fresh)) shown.replaceChildren(...fresh.childNodes);
  }
}

function isInUse(part: HTMLElement): boolean {
  const isFocusIn = part !== document.activeElement && part.contains(document.activeElement);
  return isFocusIn || part.querySelector("details[open]") !== null;
}
