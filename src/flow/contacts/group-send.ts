/** One message to everybody in a group: taken at once, sent by a worker in batches, each member once. */
import type { DispatchedChannel } from "../../core/channels/channels.ts";
import type { Area } from "../../core/places/area.ts";
import { Refusal } from "../../core/refusal.ts";
import { newId } from "../../platform/ids.ts";
import { enqueue, LANES, signalOnCommit } from "../../platform/queue.ts";
import { open, seal } from "../../platform/sealing.ts";
import type { StoredGroupSend } from "../../records/contacts/group-send.ts";
import {
  endGroupSend,
  findGroupSend,
  findGroupSendByKey,
  insertGroupSend,
  listGroupSends,
  resumeGroupSend as reopenGroupSend,
} from "../../records/contacts/group-send-store.ts";
import type { ApiKey, Service } from "../../records/services/service.ts";
import { sealedAt } from "../../records/services/service-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { refuseIfMayNotSend } from "../intake/permissions.ts";
import type { SendRequest } from "../intake/send-request.ts";
import { chooseSender } from "../intake/sender.ts";
import { GROUP_SEND_QUEUE } from "../jobs.ts";
import { getGroup } from "./contact-groups.ts";
import { notThere } from "./phonebook.ts";

/** A day less than who was sent to is remembered. */
const RESUMED_WITHIN_DAYS = 6;
const DAY_MS = 86_400_000;

/** What all of its messages have in common. */
export interface GroupMessage
  extends Pick<
    SendRequest,
    "personalisation" | "reference" | "senderId" | "priority" | "validForSeconds" | "callbackUrl"
  > {
  scheduledFor: Date | undefined;
  /** Only to those who have said yes to this. */
  consent: string | undefined;
  /** Only to those whose position lies in it. It stays with the message, however it goes on. */
  area?: Area | undefined;
}

/** With who sends it, where it is a person: nobody releases what they have sent themselves. */
export type OpenedGroupMessage = GroupMessage & Pick<SendRequest, "sentBy">;

/** In JSON, what is undefined is not there. */
type Kept = Partial<Omit<OpenedGroupMessage, "scheduledFor">> & { scheduledFor?: string };

export interface GroupSendWish {
  service: Service;
  groupId: string;
  templateId: string;
  message: GroupMessage;
  /** With what it was asked for; a person's name where it was a person. */
  by: { key: ApiKey } | { name: string };
  idempotency?: { keyHash: Buffer; bodyHash: Buffer } | undefined;
}

/** Answers the one that is there where it was asked for under the same name before. */
export async function startGroupSend(
  app: Pick<App, "db" | "clock" | "templates" | "emailDomain">,
  actor: Actor,
  wish: GroupSendWish,
): Promise<StoredGroupSend> {
  const { service, groupId, idempotency } = wish;
  await getGroup(app, service, groupId);
  const channel = await channelOf(app, wish);
  chooseSender(app, { service, senderId: wish.message.senderId, recipient: { channel } }); // refuses one that is not there
  const id = newId();
  const message = { ...wish.message, ...("name" in wish.by ? { sentBy: actor.userId } : {}) };
  const send = {
    ...{ id, serviceId: service.id, groupId, channel, templateId: wish.templateId },
    apiKeyId: "key" in wish.by ? wish.by.key.id : undefined,
    createdByName: "name" in wish.by ? wish.by.name : undefined,
    sealedRequest: seal({ key: service.dataKey, belongsTo: sealedAt.groupSend(id) }, JSON.stringify(message)),
    ...{ keyHash: idempotency?.keyHash, bodyHash: idempotency?.bodyHash, createdAt: app.clock.now() },
  };
  const isNew = await app.db.transaction(async (tx) => {
    if (!(await insertGroupSend(tx, send))) return false;
    await enqueue(tx, GROUP_SEND_QUEUE, {
      entries: [{ id, lane: LANES.normal, group: service.id, payload: { serviceId: service.id } }],
    });
    await signalOnCommit(tx, GROUP_SEND_QUEUE);
    const deed = { serviceId: service.id, action: "contact-group.message-sent", subject: `contact group ${groupId}` };
    await recordDeed(tx, actor, { ...deed, after: { templateId: wish.templateId } });
    return true;
  });
  return isNew ? getGroupSend(app, service, id) : again(app, wish);
}

/** Refuses a template by which no group can be sent to. */
export async function channelOf(
  { templates }: Pick<App, "templates">,
  { service, templateId }: Pick<GroupSendWish, "service" | "templateId">,
): Promise<DispatchedChannel> {
  const template = await templates.find(templateId);
  if (!template || template.serviceId !== service.id || template.isHidden)
    throw new Refusal("bad-request", "Template not found");
  if (template.archivedAt) throw new Refusal("bad-request", "Template has been deleted");
  if (template.channel === "letter") throw new Refusal("bad-request", "A group is sent texts or emails, not letters");
  refuseIfMayNotSend(service, template.channel);
  return template.channel;
}

async function again(app: Pick<App, "db">, { service, idempotency }: GroupSendWish): Promise<StoredGroupSend> {
  const made =
    idempotency && (await findGroupSendByKey(app.db, { serviceId: service.id, keyHash: idempotency.keyHash }));
  if (!made) throw notThere();
  if (idempotency && !made.bodyHash?.equals(idempotency.bodyHash))
    throw new Refusal("conflict", "This Idempotency-Key has been used with a different request");
  return made;
}

export async function getGroupSend(
  app: Pick<App, "db">,
  { id: serviceId }: Pick<Service, "id">,
  id: string,
): Promise<StoredGroupSend> {
  const send = await findGroupSend(app.db, { serviceId, id });
  if (!send) throw notThere();
  return send;
}

export function readGroupSends(
  app: Pick<App, "db">,
  { id: serviceId }: Pick<Service, "id">,
  { groupId, limit }: { groupId: string; limit: number },
): Promise<StoredGroupSend[]> {
  return listGroupSends(app.db, { serviceId, groupId, limit });
}

/** Who was dealt with already keeps the message; nobody else gets it. Refuses one that has ended. */
export async function cancelGroupSend(
  app: Pick<App, "db" | "clock">,
  actor: Actor,
  { service, id }: { service: Pick<Service, "id">; id: string },
): Promise<void> {
  const { groupId } = await getGroupSend(app, service, id);
  await app.db.transaction(async (tx) => {
    const end = { serviceId: service.id, id, status: "cancelled", at: app.clock.now() } as const;
    if (!(await endGroupSend(tx, end))) throw new Refusal("bad-request", "The message to the group has ended already");
    const deed = {
      serviceId: service.id,
      action: "contact-group.message-cancelled",
      subject: `contact group ${groupId}`,
    };
    await recordDeed(tx, actor, deed);
  });
}

/**
 * What a limit, a balance or a right stopped goes on where it stopped, once that is mended: nobody is sent to twice. Refuses what has
 * not been stopped, and what was stopped so long ago that who had it is being forgotten.
 */
export async function resumeGroupSend(
  app: Pick<App, "db" | "clock">,
  actor: Actor,
  { service, id }: { service: Pick<Service, "id">; id: string },
): Promise<void> {
  const { groupId } = await getGroupSend(app, service, id);
  const stoppedSince = resumableSince(app);
  await app.db.transaction(async (tx) => {
    if (!(await reopenGroupSend(tx, { serviceId: service.id, id, stoppedSince }))) throw notStopped();
    // A job of its own: the worker that stopped it may be about to end the first.
    const payload = { serviceId: service.id, sendId: id };
    await enqueue(tx, GROUP_SEND_QUEUE, {
      entries: [{ id: newId(), lane: LANES.normal, group: service.id, payload }],
    });
    await signalOnCommit(tx, GROUP_SEND_QUEUE);
    const action = "contact-group.message-resumed";
    await recordDeed(tx, actor, { serviceId: service.id, action, subject: `contact group ${groupId}` });
  });
}

export function mayResume(app: Pick<App, "clock">, { status, finishedAt }: StoredGroupSend): boolean {
  return status === "stopped" && finishedAt !== undefined && finishedAt >= resumableSince(app);
}

function resumableSince({ clock }: Pick<App, "clock">): Date {
  return new Date(clock.now().getTime() - RESUMED_WITHIN_DAYS * DAY_MS);
}

function notStopped(): Refusal {
  return new Refusal(
    "bad-request",
    `Only a message that was stopped in the last ${RESUMED_WITHIN_DAYS} days can go on`,
  );
}

export function openGroupMessage(
  { dataKey: key }: Pick<Service, "dataKey">,
  send: StoredGroupSend,
): OpenedGroupMessage {
  const opened = open({ key, belongsTo: sealedAt.groupSend(send.id) }, send.sealedRequest).toString();
  const { scheduledFor, ...kept } = JSON.parse(opened) as Kept;
  const {
    personalisation = {},
    reference,
    senderId,
    priority,
    validForSeconds,
    callbackUrl,
    consent,
    sentBy,
    area,
  } = kept;
  return {
    ...{ personalisation, reference, senderId, priority, validForSeconds, callbackUrl, consent },
    ...(sentBy === undefined ? {} : { sentBy }),
    ...(area === undefined ? {} : { area }),
    scheduledFor: scheduledFor === undefined ? undefined : new Date(scheduledFor),
  };
}
