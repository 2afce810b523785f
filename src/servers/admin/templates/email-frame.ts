/**
 * Emails in a frame of their own. Their styles are inline, as mail programs need them, which our own pages never allow: so each is a
 * document with a policy that lets nothing in but those styles, and no script at all. Frames are sandboxed besides.
 */
import type { Answer } from "../http/answer.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { EMAIL_VIEWS, type EmailView } from "./preview/preview-email.ts";

const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join("; ");

/** Something to write into while an author writes. */
export const EMPTY_DOCUMENT = `<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title></title></head>\n<body></body>\n</html>\n`;

export function frameAnswer(document: string): Answer {
  return {
    status: 200,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": POLICY,
      "x-frame-options": "SAMEORIGIN",
    },
    body: document,
  };
}

/** What is asked for, and a light mailbox otherwise. */
export function viewIn(asked: string | null | undefined): EmailView {
  return EMAIL_VIEWS.find((view) => view === asked) ?? "light";
}

export interface ViewChoice {
  view: EmailView;
  text: string;
  href: string;
  isCurrent: boolean;
}

/** Links to a page with the email shown in each way. */
export function viewChoices({ text, query }: ServiceVisit, path: string): ViewChoice[] {
  const current = viewIn(query.get("as"));
  return EMAIL_VIEWS.map((view) => ({
    view,
    text: text(`templates.show.as.${view}`),
    href: `${path}?as=${view}`,
    isCurrent: view === current,
  }));
}
