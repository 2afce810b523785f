/** Pages that say something and lead on. */
import type { Answer } from "../http/answer.ts";
import { page } from "../http/page.ts";
import type { Visit } from "../http/visit.ts";

export interface Notice {
  title: string;
  paragraphs: readonly string[];
  onward?: { text: string; href: string };
  /** Left out: 200. */
  status?: number;
}

interface ShownNotice {
  title: string;
  paragraphs: readonly string[];
  onward: Notice["onward"];
}

const showNotice = page<ShownNotice>("plain/notice-page.njk");

export function noticePage(visit: Visit, { status = 200, title, paragraphs, onward }: Notice): Answer {
  return { ...showNotice(visit, { title, paragraphs, onward }), status };
}
