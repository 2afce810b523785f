/** Whether a report is from the app whose secret we hold, and what is answered to one that is not. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { SupplierReply } from "../provider.ts";

export type Refused = { kind: "refused"; reply: SupplierReply };

/** 401 where nothing is proved, 403 where it is wrong; undefined where all is well. An empty secret proves nothing. */
export function refuseUnsigned(
  given: string | undefined,
  signed: { body: Buffer; secret: string },
): Refused | undefined {
  if (given === undefined || given === "") return refusal(401, "Unauthorized: the report must be signed");
  const expected = createHmac("sha256", signed.secret).update(signed.body).digest();
  const isRight = signed.secret !== "" && isHex(given) && isSame(Buffer.from(given, "hex"), expected);
  return isRight ? undefined : refusal(403, "Forbidden: the signature is wrong");
}

/** The same of a secret that comes along as it is. */
export function refuseStranger(given: string | undefined, secret: string): Refused | undefined {
  if (given === undefined || given === "") return refusal(401, "Unauthorized: the report must bring its secret");
  const isRight = secret !== "" && isSame(digest(given), digest(secret));
  return isRight ? undefined : refusal(403, "Forbidden: the secret is wrong");
}

export const TAKEN: SupplierReply = {
  status: 200,
  contentType: "application/json",
  body: JSON.stringify({ ok: true }),
};

export function unreadable(): Refused {
  return refusal(400, "The report cannot be read");
}

function refusal(status: number, message: string): Refused {
  return {
    kind: "refused",
    reply: { status, contentType: "application/json", body: JSON.stringify({ result: "error", message }) },
  };
}

function isHex(text: string): boolean {
  return /^[0-9a-f]{64}$/i.test(text);
}

/** Of one length, so that how long a secret is cannot be told by the clock. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

function isSame(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
