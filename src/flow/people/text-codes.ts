/** Codes by text: five digits, for half an hour, each used once. */

import type { Tx } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { listFactors } from "../../records/sign-in/factor-store.ts";
import {
  type CodePurpose,
  findCode,
  insertCode,
  type OneTimeCode,
  useCode,
} from "../../records/sign-in/one-time-code-store.ts";
import { findUser } from "../../records/users/user-store.ts";
import type { People } from "./people.ts";
import { codeHash, newCode } from "./secrets.ts";
import { type FactorAnswer, tryFactor, type Verdict } from "./sign-in.ts";

export const CODE_VALID_MS = 30 * 60_000;
/** As many as are of use to one who waits; each is one more to guess. */
const LIVE_CODES_MAX = 5;

/** Texts a code to who has given the password and signs in so. One who has five already gets no more, and is not told. */
export async function sendSignInCode(people: People, userId: string): Promise<void> {
  const user = await findUser(people.db, userId);
  const factors = await listFactors(people.db, userId);
  if (user?.mobileNumber === undefined || !factors.includes("text")) return;
  await sendCode(people, { userId, purpose: "sign-in", to: user.mobileNumber });
}

export function finishWithCode(
  people: People,
  { userId, code, ip }: { userId: string; code: string; ip: string },
): Promise<FactorAnswer> {
  return tryFactor(people, { userId, ip, by: "text" }, async (tx) => {
    const { verdict } = await takeCode(people, tx, { userId, code, purpose: "sign-in" });
    return verdict;
  });
}

/** Keeps a code and texts it. Refuses a number that cannot be texted. */
export async function sendCode(
  people: People,
  { userId, purpose, to }: { userId: string; purpose: CodePurpose; to: string },
): Promise<void> {
  const code = newCode();
  const createdAt = people.clock.now();
  const kept: OneTimeCode = {
    id: newId(),
    userId,
    purpose,
    codeHash: codeHash(people.keys, userId, code),
    mobileNumber: purpose === "mobile-number" ? to : undefined,
    createdAt,
    expiresAt: new Date(createdAt.getTime() + CODE_VALID_MS),
  };
  if (!(await people.db.transaction((tx) => insertCode(tx, kept, LIVE_CODES_MAX)))) return;
  const kind = purpose === "sign-in" ? "sign-in-code" : "mobile-code";
  await people.post.send({ kind, to, values: { code }, validForMs: CODE_VALID_MS });
}

/** Uses a code up if it is a live one of this user. */
export async function takeCode(
  people: Pick<People, "keys" | "clock">,
  tx: Tx,
  { userId, code, purpose }: { userId: string; code: string; purpose: CodePurpose },
): Promise<{ verdict: Verdict; mobileNumber?: string | undefined }> {
  const digits = code.replace(/\s/g, "");
  const found = await findCode(tx, { userId, purpose, codeHash: codeHash(people.keys, userId, digits) });
  if (!found || found.usedAt) return { verdict: "wrong" };
  const isLive = await useCode(tx, found.id, people.clock.now());
  return isLive ? { verdict: "right", mobileNumber: found.mobileNumber } : { verdict: "expired" };
}
