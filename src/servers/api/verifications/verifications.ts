/** /v2/verifications: codes that prove a number or an address, made, sent and checked here. */
import { parseJsonBody } from "../../../core/json/parse-json-body.ts";
import { Refusal } from "../../../core/refusal.ts";
import { onlyOnce } from "../../../flow/intake/idempotency.ts";
import {
  type Asked,
  checkCode,
  getVerification as getKept,
  type NewVerificationRequest,
  resendCode,
  startVerification,
} from "../../../flow/verification/verify.ts";
import type { Verification, VerificationWish } from "../../../records/verifications/verification.ts";
import { findVerificationOf } from "../../../records/verifications/verification-store.ts";
import type { Answer } from "../http/answer.ts";
import { json } from "../http/answer.ts";
import { type Call, pathId } from "../http/call.ts";
import { getValid } from "../http/errors.ts";
import { INVALID_JSON, readBody } from "../http/read-body.ts";
import {
  checkCodeRequest,
  checkVerificationRequest,
  type VerificationRequest,
} from "../schema/verification-requests.ts";
import { readIdempotency } from "../send/idempotency-key.ts";
import { presentVerification } from "./present-verification.ts";

/** POST /v2/verifications: the answer does not say the code, whichever key asks. */
export async function postVerification(call: Call): Promise<Answer> {
  const bytes = await readBody(call.request.raw);
  const body = parseJsonBody(bytes);
  const idempotency = readIdempotency(call.api.intake.keys, call.request.headers["idempotency-key"], {
    type: "verification",
    bytes,
    json: body,
  });
  const { intake } = call.api;
  const makeNew = async () => {
    await intake.rateLimit.take(call.service, call.key.kind);
    if (body === undefined) throw new Refusal("bad-request", INVALID_JSON);
    return startVerification(intake, asAsked(call, getValid(checkVerificationRequest(body)), idempotency));
  };
  if (idempotency === undefined) return show(call, 201, await makeNew());
  const once = { ...idempotency, service: call.service, keyKind: call.key.kind };
  const again = ({ notificationId }: { notificationId: string }) => findVerificationOf(intake.db, notificationId);
  return show(call, 201, await onlyOnce(intake, once, { makeNew, again }));
}

function asAsked(
  { service, key }: Call,
  request: VerificationRequest,
  idempotency: NewVerificationRequest["idempotency"],
): NewVerificationRequest {
  const { phoneNumber, emailAddress, attemptsMax, reference, ...rest } = request;
  const wish: VerificationWish = {
    ...rest,
    phoneNumber: phoneNumber?.asSubmitted,
    emailAddress: emailAddress?.asSubmitted,
  };
  return { service, key, wish, attemptsMax, reference, idempotency };
}

/** GET /v2/verifications/{id} */
export async function getVerification(call: Call): Promise<Answer> {
  return show(call, 200, await getKept(call.api.intake, asked(call)));
}

/** POST /v2/verifications/{id}/check: 200 says that the code was right, and nothing else does. */
export async function postCheck(call: Call): Promise<Answer> {
  const { intake } = call.api;
  const which = asked(call);
  await intake.rateLimit.take(call.service, call.key.kind);
  const body = parseJsonBody(await readBody(call.request.raw));
  if (body === undefined) throw new Refusal("bad-request", INVALID_JSON);
  const { code } = getValid(checkCodeRequest(body));
  return show(call, 200, await checkCode(intake, { ...which, code }));
}

/** POST /v2/verifications/{id}/resend */
export async function postResend(call: Call): Promise<Answer> {
  const { intake } = call.api;
  const which = asked(call);
  await intake.rateLimit.take(call.service, call.key.kind);
  return show(call, 201, await resendCode(intake, which));
}

function asked(call: Call): Asked {
  return { service: call.service, key: call.key, id: pathId(call) };
}

async function show(call: Call, status: number, verification: Verification): Promise<Answer> {
  return json(status, await presentVerification(call, verification));
}
