/** Whom a service's texts come from, as its people set it up. Where the platform approves senders, a new one waits for that. */
import { Refusal } from "../../core/refusal.ts";
import { protectedNameIn } from "../../core/senders/look-alike.ts";
import type { ParsedSender } from "../../core/senders/parse-text-sender.ts";
import { type Tx, violatedUniqueConstraint } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import { getSenderApproval } from "../../records/deployment/sender-approval.ts";
import { parseInboundNumber } from "../../records/inbound-numbers/inbound-number-store.ts";
import { listProtectedNames } from "../../records/senders/protected-name-store.ts";
import { listSenderPools } from "../../records/senders/sender-pool-store.ts";
import { insertSenderRequest, withdrawSenderRequest } from "../../records/senders/sender-request-store.ts";
import {
  archiveTextSender,
  insertTextSender,
  isUsedOutside,
  listTextSenders,
  updateTextSender,
} from "../../records/senders/text-sender-store.ts";
import type { TextSender } from "../../records/services/service.ts";
import { findOrganisationIdOf } from "../../records/services/service-life-store.ts";
import { listActiveNumbers } from "../../records/services/service-setting-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { looksLike, readTextSender, senderTaken, shortCodeOfStrangers } from "./sender-words.ts";

export type Keeper = Pick<App, "db" | "clock" | "services">;

export interface SenderWish {
  serviceId: string;
  id?: string | undefined;
  sender: string;
  isDefault: boolean;
}

/** `waits`: it is not used before a platform administrator has approved it. */
export interface SavedSender {
  id: string;
  waits: boolean;
}

/** The first one, and any that says so, is the default from now on. Without an id it is a new one. Field: `sender`. */
export async function saveTextSender(app: Keeper, actor: Actor, wish: SenderWish): Promise<SavedSender> {
  const parsed = readTextSender(wish.sender);
  return changeSenders(app, wish.serviceId, async (tx) => {
    const all = await listTextSenders(tx, wish.serviceId);
    const before = all.find((one) => one.id === wish.id);
    if (wish.id && !before) throw notThere();
    const isDefault = wish.isDefault || all.length === 0 || before?.isDefault === true;
    const change = { ...wish, before, after: { id: wish.id ?? newId(), sender: parsed.sender, isDefault } };
    if (before?.sender !== parsed.sender) {
      await refuseName(tx, change, parsed);
      if (await waitsForApproval(tx, wish.serviceId, parsed)) return ask({ app, tx, actor }, change);
    }
    return store({ tx, actor }, change);
  });
}

/** A number of the service's own is proved by the texts that it gets there; any other may be anybody's telephone. */
async function waitsForApproval(tx: Tx, serviceId: string, { sender, type }: ParsedSender): Promise<boolean> {
  const approval = await getSenderApproval(tx);
  if (approval !== "unproven-numbers") return approval === "all";
  if (type !== "long-number") return false;
  const own = await listActiveNumbers(tx, serviceId);
  return !own.some(({ number }) => number === (parseInboundNumber(sender) ?? sender));
}

/** The default cannot be removed while there is another. */
export async function removeTextSender(
  app: Keeper,
  actor: Actor,
  { serviceId, id }: { serviceId: string; id: string },
): Promise<void> {
  await changeSenders(app, serviceId, async (tx) => {
    const all = await listTextSenders(tx, serviceId);
    const sender = all.find((one) => one.id === id);
    if (!sender) throw notThere();
    if (sender.isShared) throw sharedIsFixed();
    if (sender.isDefault && all.length > 1) throw new Refusal("bad-request", "Make another one the default first");
    await refuseEditOfNumber(tx, serviceId, { before: sender.sender, after: "" });
    const pool = (await listSenderPools(tx, serviceId)).find(({ senderIds }) => senderIds.includes(id));
    if (pool) throw new Refusal("bad-request", `Take it out of the group “${pool.name}” first`);
    await archiveTextSender(tx, id);
    await recordDeed(tx, actor, { serviceId, action: "text-sender.removed", subject: sender.sender });
  });
}

/** A request that waits is taken back; one that was refused is put away. */
export async function withdrawSender(
  app: Keeper,
  actor: Actor,
  { serviceId, id }: { serviceId: string; id: string },
): Promise<void> {
  await app.db.transaction(async (tx) => {
    if (!(await withdrawSenderRequest(tx, serviceId, id))) throw notThere();
    await recordDeed(tx, actor, { serviceId, action: "text-sender.withdrawn", subject: id });
  });
}

interface Change extends SenderWish {
  before: TextSender | undefined;
  after: Pick<TextSender, "id" | "sender" | "isDefault">;
}

/** A name is one that this service may use. */
async function refuseName(tx: Tx, { serviceId, before }: Change, { sender, type }: ParsedSender): Promise<void> {
  if (before?.isShared) throw sharedIsFixed();
  if (before) await refuseEditOfNumber(tx, serviceId, { before: before.sender, after: sender });
  await refuseForService(tx, serviceId, { sender, type });
}

/** Also before a request is approved: much may have changed since it was made. */
export async function refuseForService(tx: Tx, serviceId: string, { sender, type }: ParsedSender): Promise<void> {
  const organisationId = await findOrganisationIdOf(tx, serviceId);
  if (type === "alphanumeric") {
    const known = protectedNameIn(await listProtectedNames(tx), sender, { serviceId, organisationId });
    if (known) throw looksLike(known);
  }
  if (type !== "short-code") return;
  if (await isUsedOutside(tx, { sender, organisationId, exceptId: serviceId })) throw shortCodeOfStrangers();
}

interface Doing {
  tx: Tx;
  actor: Actor;
}

async function ask({ app, tx, actor }: Doing & { app: Keeper }, change: Change): Promise<SavedSender> {
  const { serviceId, before, after } = change;
  if ((await listTextSenders(tx, serviceId)).some(({ sender }) => sender === after.sender)) throw senderTaken();
  const id = newId();
  const wanted = { sender: after.sender, wantsDefault: after.isDefault, replacesId: before?.id };
  const request = { id, serviceId, ...wanted, requestedBy: actor.userId, createdAt: app.clock.now() };
  await insertSenderRequest(tx, request);
  await recordDeed(tx, actor, { serviceId, action: "text-sender.requested", subject: after.sender, after: wanted });
  return { id, waits: true };
}

/** What was asked for is there from now on. */
export async function store({ tx, actor }: Doing, { serviceId, before, after }: Change): Promise<SavedSender> {
  if (before) await updateTextSender(tx, serviceId, after);
  else await insertTextSender(tx, serviceId, after);
  const entry = { before: before && { sender: before.sender, isDefault: before.isDefault }, after: { ...after } };
  await recordDeed(tx, actor, { serviceId, action: "text-sender.saved", subject: after.sender, ...entry });
  return { id: after.id, waits: false };
}

export async function changeSenders<Result>(
  app: Pick<App, "db" | "services">,
  serviceId: string,
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  try {
    const result = await app.db.transaction(work);
    app.services.forget(serviceId);
    return result;
  } catch (error) {
    const constraint = violatedUniqueConstraint(error);
    if (constraint === "text_senders_in_use" || constraint === "text_sender_requests_open") throw senderTaken();
    throw error;
  }
}

/** Replies to a number that receives would go astray under another name. */
async function refuseEditOfNumber(tx: Tx, serviceId: string, edit: { before: string; after: string }): Promise<void> {
  if (edit.before === edit.after) return;
  const numbers = await listActiveNumbers(tx, serviceId);
  if (!numbers.some(({ number }) => number === edit.before)) return;
  throw new Refusal("bad-request", "This number receives text messages and cannot be changed");
}

function sharedIsFixed(): Refusal {
  return new Refusal("bad-request", "Your organisation shares this sender: those who run this Pennypost change it");
}

function notThere(): Refusal {
  return new Refusal("not-found", "It is not there, or has been removed");
}
