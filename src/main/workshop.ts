/** What making providers takes. */

import { webAddress } from "../cli/web-address.ts";
import type { Config } from "../config.ts";
import type { App } from "../flow/app.ts";
import { createOutbound, type Outbound } from "../platform/http.ts";
import { deriveKey } from "../platform/sealing.ts";
import { listSendingDomains, type SendingDomain } from "../records/providers/provider-store.ts";

export interface Workshop {
  app: App;
  outbound: Outbound;
  /** Asked anew for each relay: keys are added while we run. */
  sendingDomains: () => Promise<SendingDomain[]>;
  /** Where the web role of this machine answers. */
  ownOrigin: string;
  /** Signs the return paths of emails. */
  bounceSecret: string;
}

export function createWorkshop(app: App, config: Config): Workshop {
  return {
    app,
    outbound: createOutbound({
      allowedNetworks: config.callbackNetworks,
      // Where the demonstration's service hears what became of its messages, and where its letters are printed.
      ownOrigins: [originOf(config.ports.receiver), originOf(config.ports.printShop)],
    }),
    sendingDomains: () => listSendingDomains(app.db, app.keys.master),
    // A certificate is for the name that callers use, not for this machine's address.
    ownOrigin: (config.tls && config.origins.api) ?? webAddress({ ...config, host: "127.0.0.1" }),
    bounceSecret: bounceSecretOf(app),
  };
}

function originOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/** Signs return paths, so that nobody else can make a bounce. */
export function bounceSecretOf(app: App): string {
  return deriveKey(app.keys.master, "return paths").toString("hex");
}
