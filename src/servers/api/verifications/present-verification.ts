/** A verification as the API shows it: never its code, and not whose number it is. */
import { SENDS_MAX } from "../../../core/verification/code.ts";
import { verificationState } from "../../../core/verification/verification-state.ts";
import { resendableAt } from "../../../flow/verification/verify.ts";
import type { Verification } from "../../../records/verifications/verification.ts";
import { listCodes } from "../../../records/verifications/verification-store.ts";
import { type Call, originOf } from "../http/call.ts";
import { timestamp } from "../http/timestamp.ts";

export async function presentVerification(call: Call, verification: Verification) {
  const { id, reference = null, attempts, attemptsMax, sends } = verification;
  const { intake } = call.api;
  const origin = originOf(call);
  const status = verificationState(verification, intake.clock.now());
  const codes = await listCodes(intake.db, id);
  const isOpen = status === "pending";
  const mayResend = isOpen && sends < SENDS_MAX;
  return {
    ...{ id, reference, status },
    created_at: timestamp(verification.createdAt),
    expires_at: timestamp(verification.expiresAt),
    verified_at: timestamp(verification.verifiedAt),
    verified_by: verification.verifiedBy ?? null,
    attempts_left: isOpen ? attemptsMax - attempts : 0,
    resend_after: mayResend ? timestamp(resendableAt(verification)) : null,
    notifications: codes.map(({ notificationId, channel, sentAt }) => ({
      id: notificationId,
      type: channel,
      created_at: timestamp(sentAt),
      uri: `${origin}/v2/notifications/${notificationId}`,
    })),
    uri: `${origin}/v2/verifications/${id}`,
  };
}
