/** The frame of the pages that recipients see: small, in our colours, without scripts, and with nothing fetched from anywhere. */
import type { PlainAnswer } from "./plain-answer.ts";

const STYLE = `
  body { margin: 0; background: #FAF6EF; color: #0B0C0C; font: 1.1875rem/1.32 "Source Sans 3", "Helvetica Neue", Arial, sans-serif; }
  main { max-width: 38rem; margin: 0 auto; padding: 2rem 1rem; border-top: 10px solid #A3122A; }
  h1 { font-size: 2rem; line-height: 1.15; }
  a { color: #A3122A; overflow-wrap: anywhere; }
  label { display: block; font-weight: 600; }
  input { display: block; box-sizing: border-box; width: 100%; max-width: 28rem; margin: .4rem 0 1rem; padding: .4em; border: 2px solid #0B0C0C; background: #FFFFFF; color: #0B0C0C; font: inherit; }
  button, .button { display: inline-block; padding: .6em 1em; border: 2px solid transparent; background: #A3122A; color: #FFFFFF; font: inherit; text-decoration: none; cursor: pointer; }
  button:hover, .button:hover { background: #7F0E21; }
  :focus-visible { outline: 3px solid #0B0C0C; outline-offset: 3px; }
  .preview { padding: .6rem 1rem; background: #0B0C0C; color: #FFFFFF; }
  .preview a { color: #FFFFFF; }
  .problem { margin: 1.5rem 0; padding: .2rem 1rem; border: 4px solid #A3122A; }
  .wrong { margin: .2rem 0; color: #A3122A; font-weight: 600; }
  @media (prefers-color-scheme: dark) {
    body { background: #15120F; color: #F3EEE6; }
    main { border-color: #F0697B; }
    a, .wrong { color: #F0697B; }
    input { border-color: #F3EEE6; background: #15120F; color: #F3EEE6; }
    button, .button { background: #F0697B; color: #15120F; }
    button:hover, .button:hover { background: #F7A1AD; }
    .preview { background: #F3EEE6; color: #15120F; }
    .preview a { color: #15120F; }
    .problem { border-color: #F0697B; }
    :focus-visible { outline-color: #F3EEE6; }
  }`;

const HEADERS = {
  "Content-Security-Policy":
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "X-Robots-Tag": "noindex, nofollow",
};

const ESCAPED: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

interface Frame {
  status: number;
  heading: string;
  /** Of the browser's window, where it says more than the heading. */
  title?: string;
  headers?: PlainAnswer["headers"];
  preview?: PagePreview | undefined;
}

/** Says that the page is only looked at, by those who will send what it is about. */
export interface PagePreview {
  said: string;
  /** Where they came from. */
  back: { url: string; text: string };
  /** HTML: hidden fields that a form of theirs has to have. */
  formFields: string;
}

/** `content` is HTML: whatever came from outside has been escaped. */
export function recipientPage(
  { status, heading, title = heading, headers = {}, preview }: Frame,
  content: readonly string[],
): PlainAnswer {
  const body = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}
</style>
</head>
<body>${preview ? previewBanner(preview) : ""}
<main>
<h1>${heading}</h1>
${content.join("\n")}
</main>
</body>
</html>
`;
  return { status, contentType: "text/html; charset=utf-8", body, headers: { ...HEADERS, ...headers } };
}

function previewBanner({ said, back }: PagePreview): string {
  const link = `<a href="${escapeHtml(back.url)}">${escapeHtml(back.text)}</a>`;
  return `\n<aside class="preview" aria-label="${escapeHtml(said)}">${escapeHtml(said)} ${link}</aside>`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPED[character] ?? character);
}
