/** The pages a person sees who follows an unsubscribe link in a browser. */
import type { PlainAnswer } from "../plain-answer.ts";

const STYLE = `
  body { margin: 0; background: #FAF6EF; color: #0B0C0C; font: 1.1875rem/1.32 "Source Sans 3", "Helvetica Neue", Arial, sans-serif; }
  main { max-width: 38rem; margin: 0 auto; padding: 2rem 1rem; border-top: 10px solid #A3122A; }
  h1 { font-size: 2rem; line-height: 1.15; }
  button { padding: .6em 1em; border: 2px solid transparent; background: #A3122A; color: #FFFFFF; font: inherit; cursor: pointer; }
  button:hover { background: #7F0E21; }
  button:focus-visible { outline: 3px solid #0B0C0C; outline-offset: 3px; }
  @media (prefers-color-scheme: dark) {
    body { background: #15120F; color: #F3EEE6; }
    main { border-color: #F0697B; }
    button { background: #F0697B; color: #15120F; }
    button:hover { background: #F7A1AD; }
    button:focus-visible { outline-color: #F3EEE6; }
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

/** Asks first: programs that look into links before their reader does must not unsubscribe anybody. */
export function confirmPage(serviceName: string): PlainAnswer {
  return page(200, "Unsubscribe", [
    `<p>Stop getting emails like this one from ${escapeHtml(serviceName)}.</p>`,
    `<form method="post"><button type="submit">Unsubscribe</button></form>`,
  ]);
}

export function donePage(serviceName: string): PlainAnswer {
  return page(200, "You have asked to unsubscribe", [
    `<p>We have passed this on to ${escapeHtml(serviceName)}.</p>`,
    "<p>You can close this page.</p>",
  ]);
}

export function invalidPage(): PlainAnswer {
  return page(404, "This unsubscribe link does not work", [
    "<p>It may have been cut short when it was copied, or it is more than a year old.</p>",
    "<p>Open the link in the email again, or reply to whoever sent it.</p>",
  ]);
}

function page(status: number, heading: string, content: readonly string[]): PlainAnswer {
  const body = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${heading}</title>
<style>${STYLE}
</style>
</head>
<body>
<main>
<h1>${heading}</h1>
${content.join("\n")}
</main>
</body>
</html>
`;
  return { status, contentType: "text/html; charset=utf-8", body, headers: HEADERS };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPED[character] ?? character);
}
