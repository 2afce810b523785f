/** What every part of the flow is given: made once in main, passed in by shape. */
import type { Blobs } from "../platform/blobs.ts";
import type { Clock } from "../platform/clock.ts";
import type { Database } from "../platform/db.ts";
import type { Log } from "../platform/log.ts";
import type { MasterKey } from "../platform/sealing.ts";
import type { VirusScanner } from "../platform/virus-scanner.ts";
import type { LookupKinds, NetworkLookup } from "../providers/provider.ts";
import type { Services } from "../records/services/service-cache.ts";
import type { Templates } from "../records/templates/template-cache.ts";
import type { FloodBook } from "./floods/flood-book.ts";
import type { Prices } from "./money/prices.ts";
import type { NetworkFinder } from "./number-lookups/network-finder.ts";
import type { QualityBook } from "./quality/quality-book.ts";

export interface App {
  db: Database;
  clock: Clock;
  log: Log;
  keys: AppKeys;
  services: Services;
  templates: Templates;
  prices: Prices;
  /** Where numbers are, of those that were looked up lately. */
  networks: NetworkFinder;
  /** Counts how messages fare. */
  quality: QualityBook;
  /** Counts what guards against floods keep back. */
  floods: FloodBook;
  /** Where this installation is reached, as configured; undefined means: from the request's host. */
  origins: {
    api: string | undefined;
    admin: string | undefined;
    documents: string | undefined;
    /** While nobody has said, of an installation that this machine alone reaches and that was made to be tried out. */
    own?: string | undefined;
  };
  /** Where emails come from unless a service has a sending domain of its own. */
  emailDomain: string;
  /** There are callbacks to make: tells whoever makes them, here or in another process. */
  wakeCallbacks: () => void;
  /** Networks beside the public internet that callbacks may go to, in CIDR notation. */
  callbackNetworks: readonly string[];
  /** Where files are kept, sealed. */
  blobs: Blobs;
  /** How files from outside are looked through for viruses. */
  scanning: Scanning;
  /** How networks may be asked about numbers. */
  lookupKinds: LookupKinds;
  /** Whom to ask about numbers, as it was set up a moment ago; left out where nobody is asked. */
  networkLookup?: () => Promise<NetworkLookup | undefined>;
}

export interface AppKeys {
  master: MasterKey;
  /** Of the blind index over recipients. */
  searchIndex: Buffer;
  /** Signs links that leave the house (unsubscribe, bounces). */
  links: Buffer;
}

export interface Scanning {
  /** Undefined: the operator has named none. */
  scanner: VirusScanner | undefined;
  /** The operator takes files that nobody has looked into. */
  acceptsUnscanned: boolean;
  /** Knows a test string alone; it serves as long as nothing leaves the sandbox. */
  sandboxScanner: VirusScanner;
}
