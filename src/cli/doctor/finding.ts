/** One thing that was looked at. */
export interface Finding {
  about: string;
  verdict: "ok" | "warn" | "fail";
  /** What was found and, unless it is well, what to do. */
  what: string;
  details?: readonly string[];
}

export const ok = (about: string, what: string, details?: readonly string[]): Finding => ({
  about,
  verdict: "ok",
  what,
  ...(details ? { details } : {}),
});
export const warn = (about: string, what: string, details?: readonly string[]): Finding => ({
  ...ok(about, what, details),
  verdict: "warn",
});
export const fail = (about: string, what: string): Finding => ({ about, verdict: "fail", what });
