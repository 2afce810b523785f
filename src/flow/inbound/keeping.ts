/** What keeping a text from the public is done with. */
import type { Tx } from "../../platform/db.ts";
import type { Service } from "../../records/services/service.ts";
import type { App } from "../app.ts";

export type Inbound = Pick<App, "db" | "clock" | "log" | "keys" | "services" | "wakeCallbacks">;

/** One transaction that keeps what was written to a service. */
export interface Keeping {
  app: Inbound;
  tx: Tx;
  service: Service;
}
