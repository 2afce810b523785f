/**
 * Verifications, from the first code to the right answer. What must happen once, or no more often than so many times, is claimed in one
 * statement before it is done: no race gives an attempt, a send or a success more than there is.
 */
import { Refusal } from "../../core/refusal.ts";
import { RESEND_AFTER_SECONDS, SENDS_MAX } from "../../core/verification/code.ts";
import { verificationState } from "../../core/verification/verification-state.ts";
import { newId } from "../../platform/ids.ts";
import { open, seal } from "../../platform/sealing.ts";
import type { ApiKey, Service } from "../../records/services/service.ts";
import type { NewVerification, Verification, VerificationWish } from "../../records/verifications/verification.ts";
import {
  claimAttempt,
  claimResend,
  findVerification,
  listCodes,
  markVerified,
  releaseResend,
} from "../../records/verifications/verification-store.ts";
import type { App } from "../app.ts";
import type { Intake } from "../intake/accept.ts";
import type { SendRequest } from "../intake/send-request.ts";
import { findCode, hashCode } from "./codes.ts";
import { withinLimitOfCodes } from "./limit-of-codes.ts";
import { type CodeToSend, refuseIfNotSendable, sendCode } from "./send-code.ts";

export interface NewVerificationRequest {
  service: Service;
  key: ApiKey;
  wish: VerificationWish;
  attemptsMax: number;
  reference: string | undefined;
  idempotency: SendRequest["idempotency"];
}

/** Sends the first code. Resolves with what is kept; for a simulated recipient that is nothing, and it is as it would be. */
export async function startVerification(intake: Intake, request: NewVerificationRequest): Promise<Verification> {
  const { service, key, wish, reference, idempotency } = request;
  const made = newVerification(request, intake.clock.now());
  const at = made.createdAt;
  const first = { service, key, wish, verificationId: made.id, number: 1, channel: made.channel, at, reference };
  await refuseIfNotSendable(intake, first);
  if (wish.fallbackAfterSeconds !== undefined) await refuseIfNotSendable(intake, { ...first, channel: "email" });
  await withinLimitOfCodes(intake, first, () => sendCode(intake, { ...first, made, idempotency }));
  return { ...made, ...AS_BEGUN, lastSentAt: at };
}

const AS_BEGUN = { sends: 1, attempts: 0, fellBackAt: undefined, verifiedAt: undefined, verifiedBy: undefined };

function newVerification(request: NewVerificationRequest, createdAt: Date): NewVerification {
  const { service, key, wish, attemptsMax, reference } = request;
  const id = newId();
  return {
    ...{ id, reference, attemptsMax, createdAt },
    serviceId: service.id,
    keyKind: key.kind,
    apiKeyId: key.id,
    sealedWish: seal({ key: service.dataKey, belongsTo: sealedWishOf(id) }, JSON.stringify(wish)),
    expiresAt: new Date(createdAt.getTime() + wish.lifeSeconds * 1_000),
    channel: wish.phoneNumber === undefined ? "email" : "sms",
  };
}

const sealedWishOf = (id: string): string => `verifications:${id}`;

export function openWish(
  { dataKey }: Pick<Service, "dataKey">,
  { id, sealedWish }: Pick<Verification, "id" | "sealedWish">,
): VerificationWish | undefined {
  if (!sealedWish) return undefined;
  return JSON.parse(open({ key: dataKey, belongsTo: sealedWishOf(id) }, sealedWish).toString()) as VerificationWish;
}

export interface Asked {
  service: Service;
  key: ApiKey;
  id: string;
}

/** Sends another code by the way of the last one. Those before it stay good as long as they would have been. */
export async function resendCode(intake: Intake, asked: Asked): Promise<Verification> {
  const { service, key, id } = asked;
  const now = intake.clock.now();
  const before = await getVerification(intake, asked);
  const wish = openWish(service, before);
  if (!wish) throw notVerified(before, now);
  const channel = before.fellBackAt === undefined && wish.phoneNumber !== undefined ? "sms" : "email";
  refuseIfNotYet(before, now);
  const code = { service, key, wish, verificationId: id, channel, at: now } as const;
  return withinLimitOfCodes(intake, code, () => claimAndSend(intake, before, code));
}

/** Of two who ask at once one may; when its code is not sent the other may try. */
async function claimAndSend(
  intake: Intake,
  before: Verification,
  code: Omit<CodeToSend, "number" | "reference">,
): Promise<Verification> {
  const { service, key, wish, verificationId: id, channel, at } = code;
  const claimed = await claimResend(intake.db, {
    ...{ serviceId: service.id, keyKind: key.kind, id, now: at, channel },
    sendsMax: SENDS_MAX,
    lastSentBy: new Date(at.getTime() - RESEND_AFTER_SECONDS * 1_000),
    expiresAt: new Date(at.getTime() + wish.lifeSeconds * 1_000),
  });
  if (!claimed) throw resendRefused(await getVerification(intake, { service, key, id }), at);
  const { sends: number, reference } = claimed;
  try {
    await sendCode(intake, { ...code, number, reference });
  } catch (error) {
    await releaseResend(intake.db, before, channel);
    throw error;
  }
  return claimed;
}

/** What would be refused anyway counts as no try. */
function refuseIfNotYet(verification: Verification, now: Date): void {
  const isOpen = verificationState(verification, now) === "pending" && verification.sends < SENDS_MAX;
  if (!isOpen || now < resendableAt(verification)) throw resendRefused(verification, now);
}

export function resendableAt({ lastSentAt }: Pick<Verification, "lastSentAt">): Date {
  return new Date(lastSentAt.getTime() + RESEND_AFTER_SECONDS * 1_000);
}

function resendRefused(verification: Verification, now: Date): Refusal {
  if (verificationState(verification, now) !== "pending") return notVerified(verification, now);
  if (verification.sends >= SENDS_MAX) {
    return new Refusal("bad-request", "No more codes can be sent for this verification: begin another one");
  }
  const wait = Math.max(1, Math.ceil((resendableAt(verification).getTime() - now.getTime()) / 1_000));
  return new Refusal("rate-limited", `A code was sent a moment ago: another can be sent in ${wait} seconds`, {
    retryAfterSeconds: wait,
  });
}

/** The verification once the code was right; refuses with what is wrong in any other case. */
export async function checkCode(
  app: Pick<App, "db" | "clock">,
  { code, ...asked }: Asked & { code: string },
): Promise<Verification> {
  const { service, key, id } = asked;
  const now = app.clock.now();
  const claimed = await claimAttempt(app.db, { serviceId: service.id, keyKind: key.kind, id, now });
  if (!claimed) throw notVerified(await getVerification(app, asked), now);
  const found = findCode(await listCodes(app.db, id), hashCode(service, id, code), now);
  if (!found) throw wrongCode(claimed);
  const verified = await markVerified(app.db, { id, now, by: found.channel });
  if (!verified) throw notVerified(await getVerification(app, asked), now);
  return verified;
}

/** Another kind of key has verifications of its own: what goes into the sandbox proves nothing about a real number. */
export async function getVerification(app: Pick<App, "db">, { service, key, id }: Asked): Promise<Verification> {
  const verification = await findVerification(app.db, { serviceId: service.id, keyKind: key.kind, id });
  if (!verification) throw new Refusal("not-found", "No result found");
  return verification;
}

function wrongCode({ attempts, attemptsMax }: Verification): Refusal {
  const left = attemptsMax - attempts;
  const words = left === 1 ? "1 attempt is left" : `${left} attempts are left`;
  const details = { reason: "wrong", attempts_left: left };
  return new Refusal("not-verified", `The code is wrong: ${words}`, { details });
}

/** Why nothing more can come of it. */
function notVerified(verification: Verification, now: Date): Refusal {
  const state = verificationState(verification, now);
  const left = Math.max(0, verification.attemptsMax - verification.attempts);
  const because = (reason: string, message: string) =>
    new Refusal("not-verified", message, { details: { reason, attempts_left: left } });
  if (state === "verified") return because("already-used", "The code was used before: a code proves something once");
  if (state === "too-many-attempts")
    return because("too-many-attempts", "Too many codes were wrong: begin another one");
  return because("expired", "The code has run out: begin another verification");
}
