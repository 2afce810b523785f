/** What customers' systems are to be brought, planned in the transaction of what it tells about. Services without any cost nothing. */
import { receiptError, type SmppState, smppStateOf, wantsToHear } from "../../core/delivery/smpp-states.ts";
import type { Status } from "../../core/delivery/statuses.ts";
import type { Tx } from "../../platform/db.ts";
import { timeOfId } from "../../platform/ids.ts";
import { signalOnCommit } from "../../platform/queue.ts";
import type { Service } from "../../records/services/service.ts";
import {
  type AwaitedSmppReceipt,
  listAwaitedSmppReceipts,
  takeAwaitedSmppReceipts,
} from "../../records/smpp-accounts/awaited-smpp-receipt-store.ts";
import { insertSmppDeliveries, type NewSmppDelivery } from "../../records/smpp-accounts/smpp-delivery-store.ts";
import { type AcknowledgedPart, deleteKeptParts } from "../../records/smpp-accounts/smpp-part-store.ts";
import type { App } from "../app.ts";

/** Under which whoever brings deliveries is told that there are some. */
export const SMPP_DELIVERIES = "smpp-deliveries";

/** Notifications that have just moved, all to one status. */
export interface Moved {
  notifications: readonly { id: string; serviceId: string; status: string }[];
  /** The carrier's own code. */
  code?: string | undefined;
  at: Date;
}

/** Tells those who submitted them, as far as they asked to hear of it. */
export async function planReceipts(
  app: Pick<App, "services">,
  tx: Tx,
  { notifications, code, at }: Moved,
): Promise<void> {
  const status = notifications[0]?.status as Status | undefined;
  const state = status && smppStateOf(status);
  if (!state) return;
  const ids = await idsOfCustomers(app, notifications);
  if (ids.length === 0) return;
  const isIntermediate = status === "pending";
  const awaited = await (isIntermediate ? listAwaitedSmppReceipts(tx, ids) : takeAwaitedSmppReceipts(tx, ids));
  await planAwaited(tx, awaited, { state, code, at });
}

/** Those of services that have systems bound, or may have. */
async function idsOfCustomers(
  { services }: Pick<App, "services">,
  notifications: Moved["notifications"],
): Promise<string[]> {
  const serviceIds = [...new Set(notifications.map(({ serviceId }) => serviceId))];
  const found = await Promise.all(serviceIds.map((id) => services.find(id)));
  const ofCustomers = new Set(found.flatMap((service) => (service?.smppAccounts.length ? service.id : [])));
  return notifications.filter(({ serviceId }) => ofCustomers.has(serviceId)).map(({ id }) => id);
}

interface Told {
  state: SmppState;
  code?: string | undefined;
  at: Date;
}

async function planAwaited(tx: Tx, awaited: readonly AboutSubmit[], told: Told): Promise<void> {
  const wanted = awaited.filter(({ registeredDelivery }) => wantsToHear(registeredDelivery, told.state));
  await plan(
    tx,
    wanted.map((submit) => receiptOf(submit, told)),
  );
}

type AboutSubmit = Pick<AwaitedSmppReceipt, "accountId" | "messageId" | "registeredDelivery" | "sealedSubmit">;

function receiptOf({ accountId, messageId, sealedSubmit }: AboutSubmit, { state, code, at }: Told): NewSmppDelivery {
  const report = {
    stat: state,
    err: state === "DELIVRD" ? receiptError(undefined) : receiptError(code),
    submittedAt: timeOfId(messageId).toISOString(),
    doneAt: at.toISOString(),
    isIntermediate: state === "ENROUTE",
  };
  return { accountId, kind: "receipt", subjectId: messageId, report, sealedSubmit };
}

async function plan(tx: Tx, deliveries: readonly NewSmppDelivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  await insertSmppDeliveries(tx, deliveries);
  await signalOnCommit(tx, SMPP_DELIVERIES);
}

/** Nothing is kept of a text to a simulated recipient, and it is delivered at once. */
export async function planSimulatedReceipt(
  { db, clock }: Pick<App, "db" | "clock">,
  awaited: readonly AwaitedSmppReceipt[],
  parts: readonly AcknowledgedPart[],
): Promise<void> {
  if (awaited.length === 0 && parts.length === 0) return;
  await db.transaction(async (tx) => {
    await deleteKeptParts(
      tx,
      parts.map(({ messageId }) => messageId),
    );
    await planAwaited(tx, awaited, { state: "DELIVRD", at: clock.now() });
  });
}

/** Of networks that never report: they have been sent, and that is their end. */
export async function planSilentlySent(
  tx: Tx,
  sent: readonly { notificationId: string; sentAt: Date }[],
): Promise<void> {
  const sentAt = new Map(sent.map((one) => [one.notificationId, one.sentAt]));
  const awaited = await takeAwaitedSmppReceipts(tx, [...sentAt.keys()]);
  const told = awaited.filter(({ registeredDelivery }) => wantsToHear(registeredDelivery, "ACCEPTD"));
  await plan(
    tx,
    told.map((submit) => receiptOf(submit, { state: "ACCEPTD", at: sentAt.get(submit.notificationId) ?? new Date(0) })),
  );
}

/** Parts whose text will not be sent. */
export async function planLostParts(
  tx: Tx,
  accountId: string,
  { parts, ...told }: Told & { parts: readonly AcknowledgedPart[] },
): Promise<void> {
  await planAwaited(
    tx,
    parts.map((part) => ({ ...part, accountId })),
    told,
  );
}

/** Somebody wrote to the service: every system of it that takes replies is brought the text. */
export async function planReply(tx: Tx, { smppAccounts }: Service, inboundMessageId: string): Promise<void> {
  const taking = smppAccounts.filter(({ takesReplies }) => takesReplies);
  await plan(
    tx,
    taking.map(({ id }) => ({
      accountId: id,
      kind: "text",
      subjectId: inboundMessageId,
      report: undefined,
      sealedSubmit: undefined,
    })),
  );
}
