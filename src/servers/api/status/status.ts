/** GET and POST /_status: whether this installation can do its work, for load balancers and for people. */
import { readDoors } from "../../../flow/doors/door-news.ts";
import { isDatabaseAway } from "../../../platform/db.ts";
import { countLive, findSchemaVersion } from "../../../records/deployment/status-store.ts";
import type { OpenDoor } from "../../../records/doors/door-news-store.ts";
import { type Answer, json } from "../http/answer.ts";
import { queryOf, type Visit } from "../http/call.ts";
import { tryLater } from "../http/errors.ts";

const RETRY_AFTER_SECONDS = 1;
const STATUS_OK = { status: "ok" };

/** With `?simple=…` only that we answer; else whether the database does, too. */
export async function getStatus(visit: Visit): Promise<Answer> {
  if (queryOf(visit).get("simple")) return json(200, STATUS_OK);
  try {
    const { intake } = visit.api;
    const [version, doors] = [await findSchemaVersion(intake.db), await readDoors(intake)];
    return json(200, {
      ...STATUS_OK,
      db_version: version,
      ...(doors.length > 0 ? { doors: doors.map(presentDoor) } : {}),
    });
  } catch (error) {
    if (!isDatabaseAway(error)) throw error;
    return tryLater(json(503, { status: "error", message: "The database does not answer" }), RETRY_AFTER_SECONDS);
  }
}

/** One that customers' systems come in by. */
function presentDoor({ door, processes, binds, certificateEndsAt }: OpenDoor) {
  return {
    ...{ door, processes },
    ...(door === "smpp" ? { binds } : {}),
    certificate_ends_at: certificateEndsAt?.toISOString() ?? null,
  };
}

export async function getLiveCounts({ api }: Visit): Promise<Answer> {
  return json(200, await countLive(api.intake.db));
}
