/** Refusals in the words of Messente's Omnichannel API: `{"errors": [{"title", "detail", "code", "source"}]}`. */
import { Refusal, type RefusalKind } from "../../../core/refusal.ts";
import { type Answer, json } from "../http/answer.ts";
import type { OpenEndpoint } from "../http/call.ts";
import { BodyTooLarge, InvalidRequest, tryLater } from "../http/errors.ts";

/** One thing that is wrong with a request, and the field that it is wrong with. */
export interface Problem {
  code: keyof typeof TITLES;
  detail: string;
  source: string | null;
}

/** Everything that is wrong with a request. */
export class OmnimessageProblems extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super("the omnimessage does not have the form it must have");
    this.problems = problems;
  }
}

const TITLES = {
  "101": "Not found",
  "102": "Forbidden",
  "103": "Unauthorized",
  "104": "Invalid data",
  "105": "Internal Server Error",
  "106": "Missing data",
  "107": "Method not allowed",
} as const;

const TOLD_AS: Record<RefusalKind, readonly [status: number, code: keyof typeof TITLES]> = {
  "bad-request": [400, "104"],
  invalid: [400, "104"],
  "invalid-phone": [400, "104"],
  "pdf-not-ready": [400, "104"],
  suppressed: [400, "104"],
  "not-verified": [400, "104"],
  unauthenticated: [401, "103"],
  "not-authorised": [401, "103"],
  "not-covered": [402, "102"],
  forbidden: [403, "102"],
  "not-found": [404, "101"],
  conflict: [409, "104"],
  "rate-limited": [429, "102"],
  "limit-reached": [429, "102"],
  unavailable: [503, "105"],
};

/** What nobody expected is left to the API's own answer. */
export function inTheirWords(endpoint: OpenEndpoint): OpenEndpoint {
  return async (visit) => {
    try {
      return await endpoint(visit);
    } catch (error) {
      const answer = answerOf(error);
      if (answer) return answer;
      throw error;
    }
  };
}

function answerOf(error: unknown): Answer | undefined {
  if (error instanceof OmnimessageProblems) return told(400, error.problems);
  if (error instanceof InvalidRequest)
    return told(
      400,
      error.messages.map((detail) => ({ code: "104", detail, source: null })),
    );
  if (error instanceof BodyTooLarge) return told(413, [{ code: "104", detail: error.message, source: null }]);
  if (!(error instanceof Refusal)) return undefined;
  const [status, code] = TOLD_AS[error.kind];
  const answer = told(status, [{ code, detail: error.message, source: null }]);
  return error.retryAfterSeconds === undefined ? answer : tryLater(answer, error.retryAfterSeconds);
}

function told(status: number, problems: readonly Problem[]): Answer {
  return json(status, {
    errors: problems.map(({ code, detail, source }) => ({ title: TITLES[code], detail, code, source })),
  });
}
