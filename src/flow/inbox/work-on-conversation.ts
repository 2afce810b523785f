/**
 * What a team does about a conversation: read it, say who sees to it, close it. It is the team that has read it, not each of its
 * people: an inbox that everybody shares is empty once somebody has looked, as one shared mailbox is.
 */
import { Refusal } from "../../core/refusal.ts";
import type { Tx } from "../../platform/db.ts";
import {
  lockConversation,
  markReadUpTo,
  markUnread,
  updateAssignee,
  updateClosed,
} from "../../records/inbound-messages/conversation-state-store.ts";
import { listTeam, type TeamMember } from "../../records/services/team-store.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { fieldRefusal } from "../form-refusal.ts";
import { getReceivedText } from "./conversations.ts";

type Worker = Pick<App, "db" | "clock">;

interface Which {
  serviceId: string;
  /** One of its texts. */
  textId: string;
}

/** Those of the team who may see to a conversation: whoever sees the inbox. */
export async function listAssignable({ db }: Pick<App, "db">, serviceId: string): Promise<TeamMember[]> {
  const team = await listTeam(db, serviceId);
  return team.filter(({ permissions }) => permissions.includes("view_activity"));
}

/** Read as far as it was shown, or unread again. Who looks at what changes nothing of the service: it is not in the audit log. */
export function setRead(
  app: Worker,
  { serviceId, textId, upTo, isRead }: Which & { upTo: string; isRead: boolean },
): Promise<void> {
  return change(app, { serviceId, textId }, async (tx, { senderIndex, at }) => {
    if (isRead) await markReadUpTo(tx, { serviceId, senderIndex, textId: upTo, at });
    else await markUnread(tx, { serviceId, senderIndex, at });
  });
}

/** Undefined: nobody. Answers who it is now, by name. */
export async function assignConversation(
  app: Worker,
  actor: Actor,
  { serviceId, textId, userId }: Which & { userId: string | undefined },
): Promise<string | undefined> {
  const team = await listAssignable(app, serviceId);
  const nameOf = (id: string | undefined) => team.find((member) => member.userId === id)?.name;
  if (userId !== undefined && nameOf(userId) === undefined)
    throw fieldRefusal("assignee", "assignee-unknown", "Choose someone of the team who sees the inbox");
  await change(app, { serviceId, textId }, async (tx, { senderIndex, assigneeId, at }) => {
    if (assigneeId === userId) return;
    await updateAssignee(tx, { serviceId, senderIndex, assigneeId: userId, at });
    const assignee = (id: string | undefined) => ({ assigneeId: id ?? null, assignee: nameOf(id) ?? null });
    const deed = { before: assignee(assigneeId), after: assignee(userId) };
    await recordDeed(tx, actor, { serviceId, action: "conversation.assigned", subject: subjectOf(textId), ...deed });
  });
  return nameOf(userId);
}

/** Closed until they write again, and read; or open again. What has come since the page was shown keeps it open. */
export function setClosed(
  app: Worker,
  actor: Actor,
  { serviceId, textId, upTo, isClosed }: Which & { upTo: string; isClosed: boolean },
): Promise<void> {
  return change(app, { serviceId, textId }, async (tx, { senderIndex, newestTextId, closedAt, at }) => {
    if (isClosed === (closedAt !== undefined)) return;
    if (isClosed && newestTextId > upTo)
      throw fieldRefusal("isClosed", "written-again", "They have written again: read that before you close it");
    if (isClosed) await markReadUpTo(tx, { serviceId, senderIndex, textId: upTo, at });
    await updateClosed(tx, { serviceId, senderIndex, isClosed, at });
    const action = isClosed ? "conversation.closed" : "conversation.opened";
    await recordDeed(tx, actor, { serviceId, action, subject: subjectOf(textId) });
  });
}

function subjectOf(textId: string): string {
  return `conversation ${textId}`;
}

type Locked = NonNullable<Awaited<ReturnType<typeof lockConversation>>> & { senderIndex: Buffer; at: Date };

async function change(
  app: Worker,
  { serviceId, textId }: Which,
  act: (tx: Tx, locked: Locked) => Promise<void>,
): Promise<void> {
  const { senderIndex } = await getReceivedText(app, serviceId, textId);
  await app.db.transaction(async (tx) => {
    const locked = await lockConversation(tx, { serviceId, senderIndex });
    if (!locked) throw new Refusal("not-found", "There is no such conversation, or it has been deleted");
    await act(tx, { ...locked, senderIndex, at: app.clock.now() });
  });
}
