/** A letter of a test key goes to the sandbox's print shop at once, by the same way as others go to theirs at their time. */
import type { Tx } from "../../platform/db.ts";
import type { Notification } from "../../records/notifications/notification.ts";
import type { App } from "../app.ts";
import { listPrintRoutes, printerFor, startRun } from "./start-print-runs.ts";

/** In the transaction in which the letter became ready. One that nobody prints waits for the day's run, as others do. */
export async function printTestLetter(
  app: Pick<App, "clock">,
  tx: Tx,
  notification: Pick<Notification, "id" | "keyKind" | "isInternational">,
): Promise<void> {
  if (notification.keyKind !== "test") return;
  const routes = await listPrintRoutes(tx);
  const provider = printerFor({ routes, now: app.clock.now() }, notification);
  if (provider === undefined) return;
  await startRun(app, tx, { provider, cutOffAt: app.clock.now(), letterIds: [notification.id] });
}
