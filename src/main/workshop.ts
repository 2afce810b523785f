/** What making providers takes. */
import type { Config } from "../config.ts";
import type { App } from "../flow/app.ts";
import { createOutbound, type Outbound } from "../platform/http.ts";
import { deriveKey } from "../platform/sealing.ts";
import { listSendingDomains } from "../records/providers/provider-store.ts";
import type { Workshop } from "./make-provider.ts";

export function createWorkshop(app: App, config: Config): Workshop & { outbound: Outbound } {
  return {
    app,
    outbound: createOutbound({ allowedNetworks: config.callbackNetworks, ownOrigins: [sandboxReceiverOrigin(config)] }),
    sendingDomains: () => listSendingDomains(app.db, app.keys.master),
    bounceSecret: bounceSecretOf(app),
  };
}

/** Where the demonstration's service hears what became of its messages. */
function sandboxReceiverOrigin(config: Config): string {
  return `http://127.0.0.1:${config.ports.receiver}`;
}

/** Signs return paths, so that nobody else can make a bounce. */
export function bounceSecretOf(app: App): string {
  return deriveKey(app.keys.master, "return paths").toString("hex");
}
