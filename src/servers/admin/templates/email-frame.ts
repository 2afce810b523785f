/** Emails in a frame of their own, in the ways there are to look at them. */
import type { Visit } from "../http/visit.ts";
import { EMAIL_VIEWS, type EmailView } from "./preview/preview-email.ts";

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
export function viewChoices({ text, query }: Visit, path: string): ViewChoice[] {
  const current = viewIn(query.get("as"));
  return EMAIL_VIEWS.map((view) => ({
    view,
    text: text(`templates.show.as.${view}`),
    href: `${path}?as=${view}`,
    isCurrent: view === current,
  }));
}
