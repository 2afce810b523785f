/**
 * Where a printer says what became of one letter: `POST /notifications/letter/status?token=…`, the token being the proof. Errors have the
 * form of the versioned API, as with Notify's.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { App } from "../../flow/app.ts";
import { readStatusToken } from "../../flow/letters/status-link.ts";
import { takeLetterReports } from "../../flow/letters/take-reports.ts";
import { answerFailures, jsonAnswer, type PlainAnswer, resource, takeRawBodies } from "../plain-answer.ts";

const BODY_MAX_BYTES = 64 * 1024;
const CODE_MAX_CHARACTERS = 100;
const NO_TOKEN = "A valid token must be provided in the query string";
const OTHER_LETTER = "Notification ID in letter callback data does not match ID in token";
const NOT_JSON = "Invalid JSON supplied in POST data";

const STATUSES = { DESPATCHED: "despatched", REJECTED: "rejected", RETURNED: "returned" } as const;

type Taker = Parameters<typeof takeLetterReports>[0] & Pick<App, "keys">;

export function registerLetterStatus(server: FastifyInstance, { app }: { app: Taker }): void {
  server.register(async (scope) => {
    takeRawBodies(scope, BODY_MAX_BYTES);
    answerFailures(scope, app.log);
    resource(scope, "/notifications/letter/status", { POST: (request) => takeStatus(app, request) });
  });
}

async function takeStatus(app: Taker, request: FastifyRequest): Promise<PlainAnswer> {
  const { token } = request.query as { token?: unknown };
  const notificationId = typeof token === "string" ? readStatusToken(app, token) : undefined;
  if (notificationId === undefined) return refused(403, "InvalidRequest", [NO_TOKEN]);
  const body = parseBody(request.body);
  if (body === undefined) return refused(400, "BadRequestError", [NOT_JSON]);
  const read = readStatus(body);
  if ("problems" in read) return refused(400, "ValidationError", read.problems);
  if (read.id !== notificationId) return refused(400, "InvalidRequest", [OTHER_LETTER]);
  const { status, code } = read;
  await takeLetterReports(app, "printer", [{ notificationId, status, ...(code === undefined ? {} : { code }) }]);
  return { status: 204, contentType: "application/json", body: "" };
}

function refused(status: number, error: string, messages: readonly string[]): PlainAnswer {
  return jsonAnswer(status, { status_code: status, errors: messages.map((message) => ({ error, message })) });
}

interface Fields {
  [name: string]: unknown;
}

function parseBody(body: unknown): Fields | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.isBuffer(body) ? body.toString() : "");
    return isFields(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

type ReadStatus =
  | { id: string; status: (typeof STATUSES)[keyof typeof STATUSES]; code: string | undefined }
  | { problems: string[] };

/** `{"id": "…", "data": {"jobStatus": "DESPATCHED"}}`; what else a printer says is its own affair. */
function readStatus({ id, data }: Fields): ReadStatus {
  if (typeof id !== "string") return { problems: [problemOf("id", id, "string"), ...dataProblems(data)] };
  if (!isFields(data) || !isStatus(data["jobStatus"])) return { problems: dataProblems(data) };
  const { jobStatus, reason } = data as { jobStatus: keyof typeof STATUSES; reason?: unknown };
  const code = typeof reason === "string" ? reason.slice(0, CODE_MAX_CHARACTERS) : undefined;
  return { id: id.toLowerCase(), status: STATUSES[jobStatus], code };
}

function dataProblems(data: unknown): string[] {
  if (!isFields(data)) return [problemOf("data", data, "object")];
  const { jobStatus } = data;
  if (isStatus(jobStatus)) return [];
  const known = `is not one of [${Object.keys(STATUSES).join(", ")}]`;
  return [jobStatus === undefined ? problemOf("jobStatus", jobStatus, "string") : `jobStatus ${known}`];
}

function problemOf(name: string, value: unknown, type: string): string {
  return value === undefined ? `${name} is a required property` : `${name} is not of type ${type}`;
}

function isStatus(value: unknown): value is keyof typeof STATUSES {
  return typeof value === "string" && Object.hasOwn(STATUSES, value);
}
