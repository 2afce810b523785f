/** Frames with emails are made as tall as what is in them, so that nothing scrolls inside the page. */
const MARGIN_PX = 4;

export function fitFrames(): void {
  for (const frame of document.querySelectorAll<HTMLIFrameElement>(".pp-frame")) {
    frame.addEventListener("load", () => fitFrame(frame));
    fitFrame(frame);
    addEventListener("resize", () => fitFrame(frame));
  }
}

export function fitFrame(frame: HTMLIFrameElement): void {
  const body = frame.contentDocument?.body;
  if (!body || body.childElementCount === 0) return;
  frame.style.height = `${body.offsetHeight + MARGIN_PX}px`;
}
