/** What every part of the flow is given: made once in main, passed in by shape. */
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/db.ts";
import type { Log } from "../platform/log.ts";
import type { MasterKey } from "../platform/sealing.ts";
import type { Services } from "../records/services/service-cache.ts";
import type { Templates } from "../records/templates/template-cache.ts";

export interface App {
  db: Database;
  clock: Clock;
  log: Log;
  keys: AppKeys;
  services: Services;
  templates: Templates;
  /** Where this installation is reached, as configured; undefined means: from the request's host. */
  origins: { api: string | undefined; admin: string | undefined };
  /** Where emails come from unless a service has a sending domain of its own. */
  emailDomain: string;
  /** There are callbacks to make: tells whoever makes them, here or in another process. */
  wakeCallbacks: () => void;
  /** Networks beside the public internet that callbacks may go to, in CIDR notation. */
  callbackNetworks: readonly string[];
}

export interface AppKeys {
  master: MasterKey;
  /** Of the blind index over recipients. */
  searchIndex: Buffer;
  /** Signs links that leave the house (unsubscribe, bounces). */
  links: Buffer;
}
