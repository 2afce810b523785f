/** Codes that prove a number that a service has asked for as a sender. */
import type { Db } from "../../platform/db.ts";

interface OpenRequest {
  id: string;
  serviceId: string;
}

/** The code takes the place of the one before, with tries of its own. Whether the request still waited. */
export async function keepSenderProof(
  db: Db,
  { id, serviceId, hash, sentAt }: OpenRequest & { hash: Buffer; sentAt: Date },
): Promise<boolean> {
  const rows = await db.query<{ id: string }>`
    update text_sender_requests set proof_hash = ${hash}, proof_sent_at = ${sentAt}, proof_tries = 0
    where id = ${id} and service_id = ${serviceId} and status = 'open' returning id`;
  return rows.length > 0;
}

/** Counts a try, before anybody looks whether it is right. Undefined where there is no code, or no try is left, or its time is over. */
export async function claimProofTry(
  db: Db,
  { id, serviceId, sentAfter, triesMax }: OpenRequest & { sentAfter: Date; triesMax: number },
): Promise<Buffer | undefined> {
  const [claimed] = await db.query<{ proofHash: Buffer }>`
    update text_sender_requests set proof_tries = proof_tries + 1
    where id = ${id} and service_id = ${serviceId} and status = 'open'
      and proof_hash is not null and proof_sent_at > ${sentAfter} and proof_tries < ${triesMax}
    returning proof_hash`;
  return claimed?.proofHash;
}
