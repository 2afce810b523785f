/**
 * A number that may be anybody's telephone is proved by a code that is texted to it, so that nobody has to approve it. Where the platform
 * approves all senders, it proves nothing: a person decides.
 */
import { timingSafeEqual } from "node:crypto";
import { Refusal } from "../../core/refusal.ts";
import type { Db } from "../../platform/db.ts";
import { getSenderApproval } from "../../records/deployment/sender-approval.ts";
import { parseInboundNumber } from "../../records/inbound-numbers/inbound-number-store.ts";
import { claimProofTry, keepSenderProof } from "../../records/senders/sender-proof-store.ts";
import { findSenderRequest, type SenderRequest } from "../../records/senders/sender-request-store.ts";
import type { Actor } from "../actor.ts";
import { fieldRefusal } from "../form-refusal.ts";
import type { People } from "../people/people.ts";
import { codeHash, newCode } from "../people/secrets.ts";
import { refuseIfThrottled } from "../people/throttle.ts";
import { takeIntoUse } from "./decide-senders.ts";
import { readTextSender } from "./sender-words.ts";

const VALID_MS = 30 * 60_000;
/** Of each code: of 100,000 that there are, nobody finds the right one so. */
const TRIES_MAX = 5;

export interface ProofOf {
  serviceId: string;
  /** Of the request. */
  id: string;
}

/** Which of a service's requests can be proved by a code. */
export async function listProvable(db: Db, requests: readonly SenderRequest[]): Promise<ReadonlySet<string>> {
  if ((await getSenderApproval(db)) !== "unproven-numbers") return new Set();
  const open = requests.filter(({ sender, status }) => status === "open" && isLongNumber(sender));
  return new Set(open.map(({ id }) => id));
}

/** Refuses a request that is not the service's, or that a code does not prove. */
export async function getProvable(db: Db, { serviceId, id }: ProofOf): Promise<SenderRequest> {
  const request = await findSenderRequest(db, id);
  if (request?.serviceId === serviceId && (await listProvable(db, [request])).has(id)) return request;
  throw new Refusal("not-found", "There is no number here that waits to be proved");
}

/** Texts a code to the number. Its owner is not pestered: there are few in an hour, whoever asks for them. */
export async function sendSenderProof(people: People, { serviceId, id }: ProofOf): Promise<void> {
  const { sender, serviceName } = await getProvable(people.db, { serviceId, id });
  await refuseIfThrottled(people, "sender-proof", parseInboundNumber(sender) ?? sender);
  const code = newCode();
  const sentAt = people.clock.now();
  if (!(await keepSenderProof(people.db, { id, serviceId, hash: codeHash(people.keys, id, code), sentAt })))
    throw new Refusal("conflict", "The request was decided before, or taken back");
  const values = { code, service: serviceName };
  await people.post.send({ kind: "sender-code", to: sender, values, validForMs: VALID_MS });
}

/** The number can be used from now on. Field: `code`. */
export async function proveSender(people: People, actor: Actor, { code, ...proof }: ProofOf & { code: string }) {
  const request = await getProvable(people.db, proof);
  const sentAfter = new Date(people.clock.now().getTime() - VALID_MS);
  const kept = await claimProofTry(people.db, { ...proof, sentAfter, triesMax: TRIES_MAX });
  if (!kept) throw fieldRefusal("code", "code-over", "No code works any more: have another one sent");
  const given = codeHash(people.keys, request.id, code.replace(/\s/g, ""));
  if (!timingSafeEqual(kept, given)) throw fieldRefusal("code", "code-wrong", "The code is not the one we sent last");
  await takeIntoUse(people, actor, { request, isProven: true });
}

function isLongNumber(sender: string): boolean {
  return readTextSender(sender).type === "long-number";
}
