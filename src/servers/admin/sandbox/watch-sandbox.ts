/** Whether something has come to the demonstration's phones and mailbox, for whoever looks at them. What it is, the page says. */
import type { App } from "../../../flow/app.ts";
import { findNewestSandboxId } from "../../../records/sandbox-outbox/sandbox-outbox-store.ts";
import type { LiveData } from "../http/watches.ts";

export const SANDBOX_TOPIC = "platform.sandbox";

export function watchSandbox({ db }: Pick<App, "db">, topic: string): (() => Promise<LiveData>) | undefined {
  if (topic !== SANDBOX_TOPIC) return undefined;
  return async () => ({ newest: (await findNewestSandboxId(db)) ?? null });
}
