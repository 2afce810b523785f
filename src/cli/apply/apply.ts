/**
 * Makes the installation what a declaration says, in one transaction: all of it, or none.
 *
 *     const report = await applyDeclaration(db, keys, { declaration, actor: "pennypost apply", prunes: false, isDryRun: false });
 */
import { Refusal } from "../../core/refusal.ts";
import { type Database, type Tx, violatedUniqueConstraint } from "../../platform/db.ts";
import { insertAuditEntries } from "../../records/audit/audit-store.ts";
import type { OpeningKeys } from "../../records/services/service-store.ts";
import { applyOrganisations, applyUsers } from "./apply-people.ts";
import { applyPrinting } from "./apply-printing.ts";
import { applyProviders, applySendingDomains } from "./apply-providers.ts";
import { applyRoutes } from "./apply-routes.ts";
import { applyServices } from "./apply-services.ts";
import type { Declaration } from "./declaration.ts";
import type { Change, CreatedSecret, Run } from "./run.ts";

const LOCK_NAME = "pennypost apply";

export interface ApplyOptions {
  declaration: Declaration;
  actor: string;
  prunes: boolean;
  /** Does everything, tells what it did, and takes it back. */
  isDryRun: boolean;
}

export interface ApplyReport {
  changes: Change[];
  unchanged: number;
  /** Made in this run, and never to be seen again. Empty after a dry run: they are gone. */
  secrets: CreatedSecret[];
}

export async function applyDeclaration(db: Database, keys: OpeningKeys, options: ApplyOptions): Promise<ApplyReport> {
  try {
    const run = await db.transaction((tx) => applyIn(tx, keys, options));
    return reportOf(run, run.secrets);
  } catch (error) {
    if (error instanceof TakenBack) return reportOf(error.run, []);
    const taken = violatedUniqueConstraint(error);
    if (taken) throw new Refusal("conflict", `The file asks for an id or a name that is taken already (${taken})`);
    throw error;
  }
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

async function applyIn(tx: Tx, keys: OpeningKeys, options: ApplyOptions): Promise<Run> {
  const { declaration, actor, prunes, isDryRun } = options;
  const run: Run = { tx, keys, actor, prunes, changes: [], unchanged: { count: 0 }, secrets: [] };
  await tx.query`select pg_advisory_xact_lock(hashtext(${LOCK_NAME}))`;
  await applyOrganisations(run, declaration.organisations ?? []);
  await applyUsers(run, declaration.users ?? []);
  await applySendingDomains(run, declaration.sending_domains);
  await applyServices(run, declaration.services ?? []);
  await applyProviders(run, declaration.providers);
  await applyRoutes(run, declaration.routes);
  await applyPrinting(run, declaration.printing);
  await insertAuditEntries(
    tx,
    run.changes.map((change) => auditEntryOf(change, actor)),
  );
  if (isDryRun) throw new TakenBack(run);
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
