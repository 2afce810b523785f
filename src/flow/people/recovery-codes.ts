/** Recovery codes: ten, shown once, each signs in once where no other second factor is at hand. */
import { randomInt } from "node:crypto";
import { replaceRecoveryCodes, useRecoveryCode } from "../../records/sign-in/recovery-code-store.ts";
import type { Actor } from "../actor.ts";
import { recordFactor } from "./factors.ts";
import type { People } from "./people.ts";
import { codeHash } from "./secrets.ts";
import { type FactorAnswer, tryFactor } from "./sign-in.ts";

const CODES = 10;
/** Letters and digits that nobody takes for one another: 31 of them, so a code has 49 bits. */
const LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789";
const CODE_CHARACTERS = 10;
const GROUP_CHARACTERS = 5;

/** New codes, to be shown once; those from before count no longer. */
export async function makeRecoveryCodes(people: People, actor: Actor): Promise<string[]> {
  const { userId } = actor;
  const codes = Array.from({ length: CODES }, newRecoveryCode);
  const hashes = codes.map((code) => hashOf(people, userId, code));
  await people.db.transaction(async (tx) => {
    await replaceRecoveryCodes(tx, { userId, hashes, now: people.clock.now() });
    await recordFactor(tx, actor, { action: "recovery-codes.made", kind: "recovery-code" });
  });
  return codes;
}

/** With or without its hyphen, in any case. */
export function finishWithRecoveryCode(
  people: People,
  { userId, code, ip }: { userId: string; code: string; ip: string },
): Promise<FactorAnswer> {
  return tryFactor(people, { userId, ip, by: "recovery-code" }, async (tx) => {
    const used = { userId, codeHash: hashOf(people, userId, code), now: people.clock.now() };
    return (await useRecoveryCode(tx, used)) ? "right" : "wrong";
  });
}

function newRecoveryCode(): string {
  const characters = Array.from({ length: CODE_CHARACTERS }, () => LEGIBLE.charAt(randomInt(LEGIBLE.length))).join("");
  return `${characters.slice(0, GROUP_CHARACTERS)}-${characters.slice(GROUP_CHARACTERS)}`;
}

function hashOf(people: Pick<People, "keys">, userId: string, code: string): Buffer {
  return codeHash(people.keys, userId, code.toLowerCase().replace(/[^a-z0-9]/g, ""));
}
