/** What every part of the flow is given, from the configuration and the installation. */
import type { Installation } from "../cli/connect.ts";
import { webAddress } from "../cli/web-address.ts";
import type { Config } from "../config.ts";
import type { App } from "../flow/app.ts";
import { createFloodBook } from "../flow/floods/flood-book.ts";
import { CALLBACK_QUEUE } from "../flow/jobs.ts";
import { createPrices } from "../flow/money/prices.ts";
import { createNetworkFinder } from "../flow/number-lookups/network-finder.ts";
import { createQualityBook } from "../flow/quality/quality-book.ts";
import { openBlobs } from "../platform/blobs.ts";
import { createClamdScanner } from "../platform/clamd/clamd-scanner.ts";
import { systemClock } from "../platform/clock.ts";
import type { Log } from "../platform/log.ts";
import { createSignal } from "../platform/queue.ts";
import { createServices } from "../records/services/service-cache.ts";
import { createTemplates } from "../records/templates/template-cache.ts";
import { sandboxScanner } from "../sandbox/scanner/sandbox-scanner.ts";
import { lookupKinds } from "./make-network-lookup.ts";

export async function buildApp(config: Config, installation: Installation, log: Log): Promise<App> {
  const { db, keys } = installation;
  return {
    db,
    log,
    keys,
    clock: systemClock,
    services: createServices(db, keys),
    templates: createTemplates(db),
    prices: createPrices(db, systemClock),
    lookupKinds,
    networks: createNetworkFinder({ db, keys, clock: systemClock }),
    quality: createQualityBook({ db, log }),
    floods: createFloodBook({ db, log }),
    origins: { ...config.origins, own: ownOrigin(config) },
    emailDomain: config.emailDomain,
    wakeCallbacks: createSignal(db, CALLBACK_QUEUE),
    callbackNetworks: config.callbackNetworks,
    blobs: await openBlobs(config.fileStore),
    scanning: {
      scanner: config.clamdAddress && createClamdScanner(config.clamdAddress),
      acceptsUnscanned: config.acceptsUnscannedFiles,
      sandboxScanner,
    },
  };
}

const OWN_HOSTS: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost"]);

/** Emails of the demonstration have links that work; those that leave for real mailboxes never lead to somebody's own machine. */
function ownOrigin(config: Config): string | undefined {
  const isToTryOut = config.databaseUrl === undefined && OWN_HOSTS.has(config.host);
  return isToTryOut ? webAddress(config) : undefined;
}
