/**
 * Suppresses whom so many messages in a row did not reach for good, of services that want it. Asked about each batch of statuses after it
 * is committed, and by itself: a crash between the two loses a count, where one transaction for both would have batches wait for each
 * other over a recipient they share. Batches of services that do not want it cost a look at what is kept of their services anyway.
 */
import type { DispatchedChannel } from "../../core/channels/channels.ts";
import type { Status } from "../../core/delivery/statuses.ts";
import { errorFields } from "../../platform/log.ts";
import type { Service } from "../../records/services/service.ts";
import {
  countFailures,
  forgetFailures,
  listReached,
  type ReachedRecipient,
} from "../../records/suppressions/failing-recipient-store.ts";
import { insertSuppressions } from "../../records/suppressions/suppression-store.ts";
import type { App } from "../app.ts";
import { shownRecipientOf } from "../personal-content.ts";
import { newEntry } from "./suppress.ts";

type Keeper = Pick<App, "db" | "clock" | "log" | "services">;

/** Notifications that have just come to a status. */
export interface Moved {
  to: Status;
  notifications: readonly { id: string; serviceId: string }[];
}

/** Never rejects: what became of messages is written already. */
export async function suppressFailing(app: Keeper, moved: readonly Moved[]): Promise<void> {
  try {
    const ended = moved.filter(({ to }) => to === "permanent-failure" || to === "delivered");
    if (ended.length === 0) return;
    for (const service of await listWatching(app, ended)) await countOf(app, service, ended);
  } catch (error) {
    app.log.warn("suppressions.not-counted", errorFields(error));
  }
}

type Watching = Service & { suppressAfterFailures: number };

async function listWatching(app: Keeper, ended: readonly Moved[]): Promise<Watching[]> {
  const ids = new Set(ended.flatMap(({ notifications }) => notifications.map(({ serviceId }) => serviceId)));
  const services = await Promise.all([...ids].map((id) => app.services.find(id)));
  return services.filter((service): service is Watching => service?.suppressAfterFailures !== undefined);
}

async function countOf(app: Keeper, service: Watching, ended: readonly Moved[]): Promise<void> {
  const idsThat = (status: Status) =>
    ended
      .filter(({ to }) => to === status)
      .flatMap(({ notifications }) => notifications.filter(({ serviceId }) => serviceId === service.id))
      .map(({ id }) => id);
  // Nothing is counted where the first failure is enough.
  if (service.suppressAfterFailures > 1) await forgetReached(app, service, idsThat("delivered"));
  await suppressAfter(app, service, idsThat("permanent-failure"));
}

async function forgetReached({ db }: Keeper, { id: serviceId }: Service, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  for (const [channel, group] of byChannel(await listReached(db, ids)))
    await forgetFailures(db, { serviceId, channel, recipientIndexes: group.map(indexOf) });
}

async function suppressAfter(app: Keeper, service: Watching, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const { id: serviceId, suppressAfterFailures: failuresMax } = service;
  for (const [channel, group] of byChannel(await listReached(app.db, ids))) {
    const counting = { serviceId, channel, recipientIndexes: group.map(indexOf) };
    const full =
      failuresMax === 1
        ? counting.recipientIndexes
        : await countFailures(app.db, counting, { failuresMax, at: app.clock.now() });
    const isFull = new Set(full.map((index) => index.toString("hex")));
    await keep(
      app,
      service,
      group.filter((one) => isFull.has(one.recipientIndex.toString("hex"))),
    );
  }
}

/** The last failure of each is what its entry names. */
async function keep(app: Keeper, service: Service, failed: readonly ReachedRecipient[]): Promise<void> {
  const last = new Map(failed.map((one) => [one.recipientIndex.toString("hex"), one]));
  const entries = [...last.values()].map((one) => {
    const shown = shownRecipientOf(service, one);
    const { channel, recipientIndex, id } = one;
    const source = { kind: "receipt", id } as const;
    return newEntry(app, service, { channel, recipientIndex, shown, reason: "permanent-failure", source });
  });
  if (entries.length === 0) return;
  const added = await app.db.transaction((tx) => insertSuppressions(tx, entries));
  app.services.forget(service.id);
  if (added.length > 0) app.log.info("suppressions.added", { serviceId: service.id, failed: added.length });
}

function byChannel(reached: readonly ReachedRecipient[]): [DispatchedChannel, ReachedRecipient[]][] {
  const of = (channel: DispatchedChannel) => reached.filter((one) => one.channel === channel);
  const groups: [DispatchedChannel, ReachedRecipient[]][] = [
    ["sms", of("sms")],
    ["email", of("email")],
    ["chat", of("chat")],
  ];
  return groups.filter(([, group]) => group.length > 0);
}

function indexOf({ recipientIndex }: ReachedRecipient): Buffer {
  return recipientIndex;
}
