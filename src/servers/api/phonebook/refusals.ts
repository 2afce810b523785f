/** Refusals in the words of Messente's Phonebook API: `{"errors": [{"title", "detail", "code"}]}`. */
import { Refusal, type RefusalKind } from "../../../core/refusal.ts";
import { ContactTaken } from "../../../flow/contacts/phonebook.ts";
import { type Answer, json } from "../http/answer.ts";
import type { OpenEndpoint } from "../http/call.ts";
import { BodyTooLarge, InvalidRequest, tryLater } from "../http/errors.ts";

const TITLES = {
  "201": "Invalid data",
  "202": "Unauthorized",
  "203": "Missing resource",
  "204": "Conflict",
  "244": "Client error",
  "205": "General error",
} as const;

type Code = keyof typeof TITLES;

const TOLD_AS: Partial<Record<RefusalKind, readonly [status: number, code: Code]>> = {
  unauthenticated: [401, "202"],
  "not-authorised": [401, "202"],
  forbidden: [403, "244"],
  "not-found": [404, "203"],
  conflict: [409, "204"],
  "rate-limited": [429, "244"],
  "limit-reached": [429, "244"],
  unavailable: [503, "205"],
};

/** What nobody expected is left to the API's own answer. */
export function inPhonebookWords(endpoint: OpenEndpoint): OpenEndpoint {
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
  if (error instanceof ContactTaken) return told(409, "204", [error.message]);
  if (error instanceof InvalidRequest) return told(400, "201", error.messages);
  if (error instanceof BodyTooLarge) return told(413, "201", [error.message]);
  if (!(error instanceof Refusal)) return undefined;
  const [status, code] = TOLD_AS[error.kind] ?? ([400, "201"] as const);
  const answer = told(status, code, [error.message]);
  return error.retryAfterSeconds === undefined ? answer : tryLater(answer, error.retryAfterSeconds);
}

function told(status: number, code: Code, details: readonly string[]): Answer {
  return json(status, { errors: details.map((detail) => ({ title: TITLES[code], detail, code })) });
}
