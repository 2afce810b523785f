/** Pages that say what went wrong and what to do. */
import { Refusal, type RefusalKind } from "../../../core/refusal.ts";
import { isDatabaseAway } from "../../../platform/db.ts";
import type { Log } from "../../../platform/log.ts";
import type { TextKey } from "../catalogue/text.ts";
import type { Answer } from "./answer.ts";
import { page } from "./page.ts";
import type { Visit } from "./visit.ts";

const RETRY_AFTER_SECONDS = 5;
const STACK_FRAMES_LOGGED = 3;
const FORBIDDEN = 403;
const TOO_LARGE = 413;
const SERVER_ERRORS_FROM = 500;

interface ErrorPage {
  status: number;
  title: TextKey;
  /** A paragraph each. */
  explained: readonly TextKey[];
}

const PAGES = {
  notFound: {
    status: 404,
    title: "errors.notFound.title",
    explained: ["errors.notFound.check", "errors.notFound.access"],
  },
  forbidden: { status: FORBIDDEN, title: "errors.forbidden.title", explained: ["errors.forbidden.ask"] },
  archived: { status: FORBIDDEN, title: "errors.archived.title", explained: ["errors.archived.explain"] },
  stale: { status: FORBIDDEN, title: "errors.stale.title", explained: ["errors.stale.explain"] },
  rejected: { status: 400, title: "errors.rejected.title", explained: ["errors.rejected.explain"] },
  tooLarge: { status: TOO_LARGE, title: "errors.tooLarge.title", explained: ["errors.tooLarge.explain"] },
  tooMany: { status: 429, title: "errors.tooMany.title", explained: ["errors.tooMany.explain"] },
  unavailable: { status: 503, title: "errors.unavailable.title", explained: ["errors.unavailable.explain"] },
  failed: { status: 500, title: "errors.failed.title", explained: ["errors.failed.explain"] },
} as const satisfies Record<string, ErrorPage>;

export type ErrorPageName = keyof typeof PAGES;

const REFUSED_WITH: Record<RefusalKind, ErrorPageName> = {
  "bad-request": "rejected",
  "pdf-not-ready": "rejected",
  invalid: "rejected",
  "invalid-phone": "rejected",
  unauthenticated: "forbidden",
  "not-authorised": "forbidden",
  forbidden: "forbidden",
  "not-found": "notFound",
  suppressed: "rejected",
  "not-verified": "rejected",
  conflict: "rejected",
  "rate-limited": "tooMany",
  "limit-reached": "tooMany",
  "not-covered": "rejected",
  unavailable: "unavailable",
};

const showError = page<{ title: string; paragraphs: readonly string[] }>("layout/error.njk");

export function errorPage(visit: Visit, name: ErrorPageName): Answer {
  const { status, title, explained } = PAGES[name];
  const paragraphs = explained.map((key) => visit.text(key));
  const answer = { ...showError(visit, { title: visit.text(title), paragraphs }), status };
  if (name !== "unavailable") return answer;
  return { ...answer, headers: { ...answer.headers, "retry-after": String(RETRY_AFTER_SECONDS) } };
}

/** The page for whatever was thrown. What nobody expected is logged, without the data it was about. */
export function pageOfError(error: unknown, { log, where }: { log: Log; where: string }): ErrorPageName {
  if (error instanceof Refusal) return REFUSED_WITH[error.kind];
  if (isDatabaseAway(error)) return "unavailable";
  const { statusCode = SERVER_ERRORS_FROM, code } = error as { statusCode?: number; code?: string };
  if (code?.startsWith("FST_CSRF")) return "stale";
  if (statusCode === TOO_LARGE) return "tooLarge";
  if (statusCode < SERVER_ERRORS_FROM) return "rejected";
  log.error("admin.failed", { where, ...traceOf(error) });
  return "failed";
}

/** Where it happened. Messages stay out: those of the database quote values. */
function traceOf(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error };
  const frames = error.stack?.split("\n").filter((line) => line.startsWith("    at ")) ?? [];
  const { code } = error as { code?: unknown };
  return { error: error.constructor.name, code, at: frames.slice(0, STACK_FRAMES_LOGGED).map((line) => line.trim()) };
}
