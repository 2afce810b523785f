/** Where replies to a service's emails go: entered by people, proven by a link. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { parseEmailAddress } from "../../core/email/parse-email-address.ts";
import { Refusal } from "../../core/refusal.ts";
import type { Tx } from "../../platform/db.ts";
import { newId, newRandomId } from "../../platform/ids.ts";
import {
  archiveReplyToAddress,
  insertReplyToAddress,
  listReplyToAddresses,
  updateReplyToAddress,
} from "../../records/senders/reply-to-store.ts";
import {
  insertVerification,
  listWaitingVerifications,
  lockVerification,
  markVerified,
  type ReplyToVerification,
} from "../../records/senders/reply-to-verification-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { fieldRefusal } from "../form-refusal.ts";

const TOKEN_BYTES = 32;
/** How long the link that proves an address can be followed. */
export const REPLY_TO_LINK_VALID_MS = 24 * 3_600_000;

type Keeper = Pick<App, "db" | "clock" | "services">;

/** Sends the link that proves an address: `token` belongs into its address. */
export type SendVerification = (to: {
  address: string;
  serviceId: string;
  verificationId: string;
  token: string;
}) => Promise<void>;

/** An address to be added, or put in the place of another, once its link is followed. Answers the verification's id. */
export async function requestReplyTo(
  app: Keeper & { sendVerification: SendVerification },
  actor: Actor,
  wish: { serviceId: string; address: string; isDefault: boolean; replacesId?: string | undefined },
): Promise<string> {
  const { serviceId, isDefault, replacesId } = wish;
  const address = checkAddress(wish.address);
  const known = await listReplyToAddresses(app.db, serviceId);
  if (replacesId && !known.some(({ id }) => id === replacesId)) throw notThere();
  if (known.some((one) => one.address.toLowerCase() === address.toLowerCase())) throw addressTaken();
  const id = newRandomId();
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  const waiting = { id, serviceId, address, isDefault, replacesId, tokenHash: hashOf(token) };
  await app.db.transaction(async (tx) => {
    await insertVerification(tx, { ...waiting, requestedBy: actor.userId, createdAt: app.clock.now() });
    await recordDeed(tx, actor, { serviceId, action: "reply-to.requested", subject: "reply-to address" });
  });
  await app.sendVerification({ address, serviceId, verificationId: id, token });
  return id;
}

/** Who follows a link: they have its mailbox, and need no account. */
export interface LinkFollower {
  userId: string | undefined;
  ip: string | undefined;
}

/**
 * The link was followed: the address is in use. A second time changes nothing. Refuses a link that is wrong or too old. The audit log
 * names who followed it, else who asked for the address.
 */
export async function verifyReplyTo(
  app: Keeper,
  { userId, ip }: LinkFollower,
  { verificationId, token }: { verificationId: string; token: string },
): Promise<{ serviceId: string; address: string }> {
  const verified = await app.db.transaction(async (tx) => {
    const waiting = await lockVerification(tx, verificationId);
    if (!waiting || !timingSafeEqual(waiting.tokenHash, hashOf(token)) || waiting.createdAt < linksSince(app)) {
      throw new Refusal("not-found", "This link is wrong or too old; ask for another");
    }
    const actor = { userId: userId ?? waiting.requestedBy, ip };
    if (!waiting.verifiedAt) await takeIntoUse({ app, tx, actor }, waiting);
    return waiting;
  });
  app.services.forget(verified.serviceId);
  return { serviceId: verified.serviceId, address: verified.address };
}

export function listWaitingReplyTos(app: Keeper, serviceId: string): Promise<ReplyToVerification[]> {
  return listWaitingVerifications(app.db, serviceId, linksSince(app));
}

export async function makeReplyToDefault(
  app: Keeper,
  actor: Actor,
  { serviceId, id }: { serviceId: string; id: string },
): Promise<void> {
  await changeReplyTos(app, serviceId, async (tx) => {
    const address = (await listReplyToAddresses(tx, serviceId)).find((one) => one.id === id);
    if (!address) throw notThere();
    await updateReplyToAddress(tx, serviceId, { ...address, isDefault: true });
    await recordDeed(tx, actor, { serviceId, action: "reply-to.made-default", subject: address.address });
  });
}

/** The default cannot be removed while there is another. */
export async function removeReplyTo(
  app: Keeper,
  actor: Actor,
  { serviceId, id }: { serviceId: string; id: string },
): Promise<void> {
  await changeReplyTos(app, serviceId, async (tx) => {
    const all = await listReplyToAddresses(tx, serviceId);
    const address = all.find((one) => one.id === id);
    if (!address) throw notThere();
    if (address.isDefault && all.length > 1) throw new Refusal("bad-request", "Make another one the default first");
    await archiveReplyToAddress(tx, id);
    await recordDeed(tx, actor, { serviceId, action: "reply-to.removed", subject: address.address });
  });
}

interface Verifying {
  app: Keeper;
  tx: Tx;
  actor: Actor;
}

async function takeIntoUse({ app, tx, actor }: Verifying, waiting: ReplyToVerification): Promise<void> {
  const { serviceId, address, replacesId } = waiting;
  const all = await listReplyToAddresses(tx, serviceId);
  const replaced = all.find(({ id }) => id === replacesId);
  const isDefault = waiting.isDefault || all.length === 0 || replaced?.isDefault === true;
  if (replaced) await updateReplyToAddress(tx, serviceId, { id: replaced.id, address, isDefault });
  else if (!all.some((one) => one.address.toLowerCase() === address.toLowerCase()))
    await insertReplyToAddress(tx, serviceId, { id: newId(), address, isDefault });
  await markVerified(tx, waiting.id, app.clock.now());
  const entry = { before: replaced && { address: replaced.address }, after: { address, isDefault } };
  await recordDeed(tx, actor, { serviceId, action: "reply-to.verified", subject: address, ...entry });
}

async function changeReplyTos(app: Keeper, serviceId: string, work: (tx: Tx) => Promise<void>): Promise<void> {
  await app.db.transaction(work);
  app.services.forget(serviceId);
}

function checkAddress(text: string): string {
  const address = parseEmailAddress(text);
  if (typeof address !== "string") return address.asSubmitted;
  throw fieldRefusal("address", "address-wrong", "Enter an email address in full");
}

function addressTaken(): Refusal {
  return fieldRefusal("address", "address-taken", "This address is on the list already");
}

function notThere(): Refusal {
  return new Refusal("not-found", "It is not there, or has been removed");
}

function linksSince({ clock }: Pick<App, "clock">): Date {
  return new Date(clock.now().getTime() - REPLY_TO_LINK_VALID_MS);
}

function hashOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
