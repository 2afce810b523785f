/**
 * What a field would lead to, while it is typed:
 * `<output data-preview-of="name" data-preview-url="…">` shows the `address` that the URL answers for the field's value.
 */

const ASK_AFTER_MS = 200;

for (const output of document.querySelectorAll<HTMLOutputElement>("output[data-preview-of]")) startPreview(output);

function startPreview(output: HTMLOutputElement): void {
  const { previewOf = "", previewUrl = "" } = output.dataset;
  const field = document.getElementById(previewOf);
  if (!(field instanceof HTMLInputElement)) return;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let asking = new AbortController();
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    asking.abort(); // an answer about what was typed before is of no use any more
    asking = new AbortController();
    const { signal } = asking;
    waiting = setTimeout(
      () => void show(output, { url: `${previewUrl}?name=${encodeURIComponent(field.value)}`, signal }),
      ASK_AFTER_MS,
    );
  });
}

async function show(output: HTMLOutputElement, { url, signal }: { url: string; signal: AbortSignal }): Promise<void> {
  try {
    const { address } = (await (await fetch(url, { signal })).json()) as { address?: string };
    if (address !== undefined) output.value = address;
  } catch {
    // The page stays as it is: what is saved is shown by the server anyway.
  }
}
