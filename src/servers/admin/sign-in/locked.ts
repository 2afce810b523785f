/** Ten failures: only a new password helps. */
import type { Answer } from "../http/answer.ts";
import type { Visit } from "../http/visit.ts";
import { noticePage } from "../plain/notice-page.ts";

const FORBIDDEN = 403;

export function lockedPage(visit: Visit): Answer {
  const { text } = visit;
  const notice = noticePage(visit, {
    status: FORBIDDEN,
    title: text("secondStep.locked.title"),
    paragraphs: [text("secondStep.locked.explain")],
    onward: { text: text("secondStep.locked.link"), href: "/forgot-password" },
  });
  return { ...notice, session: null };
}
