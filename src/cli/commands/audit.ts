/**
 * `pennypost audit`: who did what, a line each, for a system that watches over security (SIEM). Only reads.
 *
 *     pennypost audit --after 01a22d06-… --follow | the-watcher
 */
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { Refusal } from "../../core/refusal.ts";
import type { Db } from "../../platform/db.ts";
import { firstIdAt } from "../../platform/ids.ts";
import { type AuditEntry, listAuditAfter } from "../../records/audit/audit-store.ts";
import { AUDIT_DAYS_MAX } from "../../records/deployment/audit-period.ts";
import { type CommandContext, withInstallation } from "../command.ts";

const READ_AT_ONCE = 500;
const DAY_MS = 24 * 60 * 60_000;
const LOOK_EVERY_MS = 1_000;
/**
 * Ids are in the order in which entries were made, not in which they were committed: one may turn up a moment after a
 * younger one. What is younger than this is left for the next look, so that nobody who goes on from an id misses one.
 */
const SETTLED_AFTER_MS = 5_000;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

interface Options {
  after?: string;
  days: string;
  follow?: boolean;
}

export function addAuditCommand(program: Command, context: CommandContext): void {
  program
    .command("audit")
    .description("the audit log, the oldest first: every change, and sign-ins that failed; as JSON, a line each")
    .option("--after <id>", "from after this entry: the id of the last line that was read")
    .option("--days <days>", "without --after, from so many days ago", "1")
    .option("--follow", "go on with what comes, until it is stopped")
    .action((options: Options) => audit(context, options));
}

async function audit(context: CommandContext, options: Options): Promise<void> {
  let after = startOf(options);
  await withInstallation(context, "audit", async ({ db }) => {
    after = await print(context, db, after);
    while (options.follow) {
      await sleep(LOOK_EVERY_MS);
      after = await print(context, db, after);
    }
  });
}

/** The id to go on from. */
function startOf({ after, days }: Options): string {
  if (after === undefined) {
    const isRight = /^\d{1,4}$/.test(days) && Number(days) <= AUDIT_DAYS_MAX;
    if (!isRight) throw new Refusal("invalid", `--days is a whole number from 0 to ${AUDIT_DAYS_MAX}`);
    return firstIdAt(new Date(Date.now() - Number(days) * DAY_MS));
  }
  if (!UUID.test(after)) throw new Refusal("invalid", "--after is the id of an entry, a UUID");
  return after;
}

/** Writes what there is after an entry, as fast as it is read, and says which was the last. */
async function print({ stdout }: CommandContext, db: Db, start: string): Promise<string> {
  const until = firstIdAt(new Date(Date.now() - SETTLED_AFTER_MS));
  let after = start;
  while (true) {
    const entries = await listAuditAfter(db, { after, until, limit: READ_AT_ONCE });
    const isTaken = stdout.write(entries.map((entry) => `${JSON.stringify(shown(entry))}\n`).join(""));
    if (!isTaken) await once(stdout, "drain");
    after = entries.at(-1)?.id ?? after;
    if (entries.length < READ_AT_ONCE) return after;
  }
}

/** In the names that the export of other things uses. */
function shown({ id, at, actor, ip, serviceId, action, subject, before, after }: AuditEntry) {
  return {
    ...{ id, time: at.toISOString(), action, subject, actor, ip_address: ip ?? null, service_id: serviceId ?? null },
    ...{ before: before ?? null, after: after ?? null },
  };
}
