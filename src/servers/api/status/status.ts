/** GET and POST /_status: whether this installation can do its work, for load balancers and for people. */
import { isDatabaseAway } from "../../../platform/db.ts";
import { countLive, findSchemaVersion } from "../../../records/deployment/status-store.ts";
import { type Answer, json } from "../http/answer.ts";
import { queryOf, type Visit } from "../http/call.ts";
import { tryLater } from "../http/errors.ts";

const RETRY_AFTER_SECONDS = 1;
const STATUS_OK = { status: "ok" };

/** With `?simple=…` only that we answer; else whether the database does, too. */
export async function getStatus(visit: Visit): Promise<Answer> {
  if (queryOf(visit).get("simple")) return json(200, STATUS_OK);
  try {
    return json(200, { ...STATUS_OK, db_version: await findSchemaVersion(visit.api.intake.db) });
  } catch (error) {
    if (!isDatabaseAway(error)) throw error;
    return tryLater(json(503, { status: "error", message: "The database does not answer" }), RETRY_AFTER_SECONDS);
  }
}

export async function getLiveCounts({ api }: Visit): Promise<Answer> {
  return json(200, await countLive(api.intake.db));
}
