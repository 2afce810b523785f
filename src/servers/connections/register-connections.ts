/**
 * Where other products tell what happened in them: `POST /connections/{id}`, and for Salesforce, which can send no proof beside the
 * address, `POST /connections/{id}/{secret}`. Paths are logged as they stand in this file, so that no secret is.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { PRESETS } from "../../core/connections/connection-kind.ts";
import { acknowledgement } from "../../core/connections/outbound-message.ts";
import { Refusal } from "../../core/refusal.ts";
import { type CallOutcome, type EventOutcome, takeCall } from "../../flow/connections/take-call.ts";
import type { Intake } from "../../flow/intake/accept.ts";
import { answerFailures, errorAnswer, jsonAnswer, type PlainAnswer, resource, takeRawBodies } from "../plain-answer.ts";

const BODY_MAX_BYTES = 1024 * 1024;
const SIGNATURE_HEADER = "x-wc-webhook-signature";
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

export function registerConnections(server: FastifyInstance, { intake }: { intake: Intake }): void {
  server.register(async (scope) => {
    takeRawBodies(scope, BODY_MAX_BYTES);
    answerFailures(scope, intake.log);
    const POST = (request: FastifyRequest) => answerCall(intake, request);
    resource(scope, "/connections/:id", { POST });
    resource(scope, "/connections/:id/:secret", { POST });
  });
}

async function answerCall(intake: Intake, request: FastifyRequest): Promise<PlainAnswer> {
  const { id = "", secret } = request.params as { id?: string; secret?: string };
  const { headers, body } = request;
  if (!UUID.test(id)) return errorAnswer(404, "There is no such connection");
  try {
    const outcome = await takeCall(intake, {
      ...{ connectionId: id, addressSecret: secret, authorization: headers.authorization },
      signature: [headers[SIGNATURE_HEADER]].flat()[0],
      contentType: headers["content-type"] ?? "",
      body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
    });
    return outcome.kind === "salesforce" ? acknowledge(outcome) : describe(outcome);
  } catch (error) {
    if (error instanceof Refusal && error.kind !== "unavailable") return refusalAnswer(error);
    throw error;
  }
}

/** One answer for all: only if nothing of it can be mended by another try. */
function acknowledge({ events }: CallOutcome): PlainAnswer {
  const isTaken = events.every(({ passing }) => !passing);
  return { status: 200, contentType: "text/xml; charset=utf-8", body: acknowledgement(isTaken) };
}

function describe({ kind, events: [event] }: CallOutcome): PlainAnswer {
  if (!event) return jsonAnswer(200, { result: "success" });
  if (event.passing) return refusalAnswer(event.passing);
  if (event.outcome !== "refused" || PRESETS[kind].givesUpOnRefusals) return jsonAnswer(200, shown(event));
  return errorAnswer(400, event.reason);
}

function shown({ outcome, reason, notificationId }: EventOutcome) {
  return {
    result: outcome,
    ...(reason ? { message: reason } : {}),
    ...(notificationId ? { notification_id: notificationId } : {}),
  };
}

function refusalAnswer(refusal: Refusal): PlainAnswer {
  const { kind, message, retryAfterSeconds } = refusal;
  if (kind === "unauthenticated") return errorAnswer(401, message, { "WWW-Authenticate": 'Basic realm="Pennypost"' });
  if (kind === "not-found") return errorAnswer(404, message);
  if (kind === "conflict") return errorAnswer(409, message);
  if (kind === "rate-limited" || kind === "limit-reached")
    return errorAnswer(429, message, retryAfterSeconds ? { "Retry-After": String(retryAfterSeconds) } : {});
  return kind === "unavailable" || kind === "not-covered" ? errorAnswer(503, message) : errorAnswer(400, message);
}
