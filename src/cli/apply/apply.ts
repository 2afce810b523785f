/**
 * Makes the installation what a declaration says, in one transaction: all of it, or none.
 *
 *     const report = await applyDeclaration(db, keys, { declaration, actor: "pennypost apply", prunes: false, isDryRun: false });
 */
import { Refusal } from "../../core/refusal.ts";
import { systemClock } from "../../platform/clock.ts";
import { type Database, violatedUniqueConstraint } from "../../platform/db.ts";
import { insertAuditEntries } from "../../records/audit/audit-store.ts";
import type { OpeningKeys } from "../../records/services/service-store.ts";
import { applyAlerts } from "./apply-alerts.ts";
import { applyBalances } from "./apply-balances.ts";
import { applyChatPrices } from "./apply-chat.ts";
import { applyContentRules } from "./apply-content-rules.ts";
import { applyExchangeRates } from "./apply-exchange-rates.ts";
import { applyFloodGuard } from "./apply-flood-guard.ts";
import { applyInstallation } from "./apply-installation.ts";
import { applyLookupSuppliers } from "./apply-lookup-suppliers.ts";
import { applyOrganisations, applyUsers } from "./apply-people.ts";
import { applyPrices } from "./apply-prices.ts";
import { applyPrinting } from "./apply-printing.ts";
import { applyProviders, applySendingDomains } from "./apply-providers.ts";
import { applyInboundKeywords } from "./apply-replies.ts";
import { applyRoutes } from "./apply-routes.ts";
import { applyPlatformSenders } from "./apply-senders.ts";
import { applyServices } from "./apply-services.ts";
import type { Declaration } from "./declaration.ts";
import type { OpenFileTools } from "./file-tools.ts";
import type { Change, CreatedSecret, Run } from "./run.ts";
import { stageFiles } from "./staged-files.ts";

const LOCK_NAME = "pennypost apply";

export interface ApplyOptions {
  declaration: Declaration;
  actor: string;
  prunes: boolean;
  /** Does everything, tells what it did, and takes it back. */
  isDryRun: boolean;
  /** Undefined for declarations without files. */
  openFileTools?: OpenFileTools;
}

export interface ApplyReport {
  changes: Change[];
  unchanged: number;
  /** Made in this run, and never to be seen again. Empty after a dry run: they are gone. */
  secrets: CreatedSecret[];
}

export async function applyDeclaration(db: Database, keys: OpeningKeys, options: ApplyOptions): Promise<ApplyReport> {
  const files = stageFiles(options.openFileTools ?? noTools);
  try {
    const run = await db.transaction((tx) => applyIn({ tx, keys, files }, options));
    return reportOf(run, run.secrets);
  } catch (error) {
    if (error instanceof TakenBack) return reportOf(error.run, []);
    await files.dropAll();
    const taken = violatedUniqueConstraint(error);
    if (taken) throw new Refusal("conflict", `The file asks for an id or a name that is taken already (${taken})`);
    throw error;
  }
}

async function noTools(): Promise<never> {
  throw new Error("this declaration was to have no files");
}

function reportOf(run: Run, secrets: CreatedSecret[]): ApplyReport {
  return { changes: run.changes, unchanged: run.unchanged.count, secrets };
}

/** Ends the transaction of a dry run. */
class TakenBack extends Error {
  readonly run: Run;

  constructor(run: Run) {
    super("a dry run is taken back");
    this.run = run;
  }
}

async function applyIn({ tx, ...given }: Pick<Run, "tx" | "keys" | "files">, options: ApplyOptions): Promise<Run> {
  const { declaration, actor, prunes, isDryRun } = options;
  const results = { changes: [], unchanged: { count: 0 }, secrets: [] };
  const run: Run = { tx, ...given, actor, prunes, ...results, now: systemClock.now() };
  await tx.query`select pg_advisory_xact_lock(hashtext(${LOCK_NAME}))`;
  await applyInstallation(run, declaration.installation);
  await applyOrganisations(run, declaration.organisations ?? []);
  await applyBalances(run, declaration.organisations ?? []);
  await applyUsers(run, declaration.users ?? []);
  await applySendingDomains(run, declaration.sending_domains);
  // Before the services: whether files are scanned depends on where messages go.
  await applyProviders(run, declaration.providers);
  await applyLookupSuppliers(run, declaration.lookup_suppliers);
  await applyServices(run, declaration.services ?? []);
  await applyRoutes(run, declaration.routes);
  await applyPrices(run, declaration.prices);
  await applyExchangeRates(run, declaration.exchange_rates);
  await applyChatPrices(run, declaration.chat_prices);
  await applyAlerts(run, undefined, declaration.alerts);
  await applyContentRules(run, undefined, declaration.content_rules);
  await applyFloodGuard(run, undefined, declaration.flood_guard);
  await applyPrinting(run, declaration.printing);
  await applyPlatformSenders(run, declaration);
  await applyInboundKeywords(run, declaration.inbound_keywords);
  await insertAuditEntries(
    tx,
    run.changes.map((change) => auditEntryOf(change, actor)),
  );
  if (isDryRun) throw new TakenBack(run);
  await run.files.putAll();
  return run;
}

function auditEntryOf({ action, kind, name, serviceId, before, after }: Change, actor: string) {
  return {
    actor,
    serviceId,
    action: `${kind.toLowerCase().replaceAll(" ", "-")}.${action}`,
    subject: name,
    before,
    after,
  };
}
