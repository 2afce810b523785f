/** Suppresses recipients that their app says are not there any more, such as a push subscription that its browser has given back. */
import { errorFields } from "../../platform/log.ts";
import { listReached, type ReachedRecipient } from "../../records/suppressions/failing-recipient-store.ts";
import { insertSuppressions } from "../../records/suppressions/suppression-store.ts";
import type { App } from "../app.ts";
import { shownRecipientOf } from "../personal-content.ts";
import { newEntry } from "./suppress.ts";

type Keeper = Pick<App, "db" | "clock" | "log" | "services">;

/** Never rejects: what became of the messages is written already. */
export async function suppressGone(app: Keeper, gone: readonly { id: string }[]): Promise<void> {
  if (gone.length === 0) return;
  try {
    const reached = await listReached(
      app.db,
      gone.map(({ id }) => id),
    );
    for (const one of reached) await keep(app, one);
  } catch (error) {
    app.log.warn("suppressions.not-kept", errorFields(error));
  }
}

async function keep(app: Keeper, one: ReachedRecipient): Promise<void> {
  const { id, serviceId, channel, recipientIndex } = one;
  const service = await app.services.find(serviceId);
  if (!service) return;
  const shown = shownRecipientOf(service, one);
  const source = { kind: "receipt", id } as const;
  const entry = newEntry(app, service, { channel, recipientIndex, shown, reason: "permanent-failure", source });
  await app.db.transaction((tx) => insertSuppressions(tx, [entry]));
  app.services.forget(serviceId);
}
