/** Platform administrators approve new senders, or refuse them with a reason; whoever manages the service is told. */
import { Refusal } from "../../core/refusal.ts";
import { getSenderApproval, type SenderApproval, setSenderApproval } from "../../records/deployment/sender-approval.ts";
import {
  findSenderRequest,
  type SenderRequest,
  settleSenderRequest,
} from "../../records/senders/sender-request-store.ts";
import { listTextSenders } from "../../records/senders/text-sender-store.ts";
import { listTeam } from "../../records/services/team-store.ts";
import { listUsers } from "../../records/users/user-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { fieldRefusal } from "../form-refusal.ts";
import { adminUrl, type People } from "../people/people.ts";
import { readTextSender } from "./sender-words.ts";
import { changeSenders, type Keeper, refuseForService, store } from "./text-senders.ts";

const REASON_MAX_CHARACTERS = 1_000;
const REQUESTS_URL = "/platform/senders";

/** For services that set up new senders from now on. */
export async function changeSenderApproval(
  app: Pick<App, "db">,
  actor: Actor,
  approval: SenderApproval,
): Promise<void> {
  await app.db.transaction(async (tx) => {
    const before = { approval: await getSenderApproval(tx) };
    await setSenderApproval(tx, approval);
    const deed = { action: "deployment.sender-approval-changed", subject: "sender approval" };
    await recordDeed(tx, actor, { ...deed, before, after: { approval } });
  });
}

export async function getSenderRequest({ db }: Pick<App, "db">, id: string): Promise<SenderRequest> {
  const request = await findSenderRequest(db, id);
  if (request) return request;
  throw new Refusal("not-found", "There is no such request");
}

/** Tells those who run the platform that somebody waits for them. */
export async function tellOfRequest(people: People, { id, origin }: { id: string; origin: string }): Promise<void> {
  const request = await getSenderRequest(people, id);
  const { serviceName: service, sender, requestedByName: requester } = request;
  const link = adminUrl(people, { origin }, `${REQUESTS_URL}/requests/${id}`);
  const administrators = (await listUsers(people.db)).filter(({ isPlatformAdmin }) => isPlatformAdmin);
  for (const { emailAddress: to } of administrators)
    await people.post.send({ kind: "sender-requested", to, values: { service, sender, requester, link } });
}

export interface Decision {
  id: string;
  origin: string;
}

/** It can be used from now on. Refuses one that has meanwhile become somebody else's. */
export async function approveSender(people: People, actor: Actor, { id, origin }: Decision): Promise<void> {
  const request = await getSenderRequest(people, id);
  await takeIntoUse(people, actor, { request, isProven: false });
  await tellManagers(people, request, { kind: "sender-approved", origin, reason: "" });
}

/** What a request asks for is there from now on: a person has approved it, or a code has proved it. */
export async function takeIntoUse(
  people: Keeper,
  actor: Actor,
  { request, isProven }: { request: SenderRequest; isProven: boolean },
): Promise<void> {
  const { id, serviceId, sender, replacesId } = request;
  await changeSenders(people, serviceId, async (tx) => {
    const decision = { id, status: "approved", decidedBy: actor.userId, reason: undefined, isProven } as const;
    if (!(await settleSenderRequest(tx, { ...decision, now: people.clock.now() }))) throw decidedBefore();
    await refuseForService(tx, serviceId, readTextSender(sender));
    const all = await listTextSenders(tx, serviceId);
    const before = all.find((one) => one.id === replacesId);
    const isDefault = request.wantsDefault || all.length === 0 || before?.isDefault === true;
    const wish = { serviceId, sender, isDefault };
    await store({ tx, actor }, { ...wish, before, after: { id: before?.id ?? id, sender, isDefault } });
    const action = isProven ? "text-sender.proven" : "text-sender.approved";
    await recordDeed(tx, actor, { serviceId, action, subject: sender });
  });
}

/** Field: `reason`. */
export async function refuseSender(
  people: People,
  actor: Actor,
  decision: Decision & { reason: string },
): Promise<void> {
  const { id, origin } = decision;
  const reason = checkReason(decision.reason);
  const request = await getSenderRequest(people, id);
  const { serviceId, sender } = request;
  await people.db.transaction(async (tx) => {
    const decision = { id, status: "refused", decidedBy: actor.userId, reason, isProven: false } as const;
    const settled = { ...decision, now: people.clock.now() };
    if (!(await settleSenderRequest(tx, settled))) throw decidedBefore();
    await recordDeed(tx, actor, { serviceId, action: "text-sender.refused", subject: sender, after: { reason } });
  });
  await tellManagers(people, request, { kind: "sender-refused", origin, reason });
}

function checkReason(text: string): string {
  const reason = text.trim();
  if (reason === "") throw fieldRefusal("reason", "reason-missing", "Enter the reason, for those who asked");
  if (reason.length <= REASON_MAX_CHARACTERS) return reason;
  throw fieldRefusal("reason", "reason-long", `The reason must be ${REASON_MAX_CHARACTERS} characters or fewer`);
}

async function tellManagers(
  people: People,
  { serviceId, serviceName: service, sender }: SenderRequest,
  { kind, origin, reason }: { kind: "sender-approved" | "sender-refused"; origin: string; reason: string },
): Promise<void> {
  const managers = (await listTeam(people.db, serviceId)).filter(({ permissions }) =>
    permissions.includes("manage_service"),
  );
  const link = adminUrl(people, { origin }, `/services/${serviceId}/settings/text-senders`);
  for (const { name, emailAddress: to } of managers) {
    const values = { name, service, sender, link };
    await people.post.send({ kind, to, values: kind === "sender-refused" ? { ...values, reason } : values });
  }
}

function decidedBefore(): Refusal {
  return new Refusal("conflict", "The request was decided before, or taken back");
}
