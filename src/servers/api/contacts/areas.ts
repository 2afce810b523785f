/** /v2/areas: areas that the service keeps under a name, to name them when a group is sent to. */
import type { Area } from "../../../core/places/area.ts";
import { linesOf } from "../../../core/places/read-area.ts";
import { readAreas } from "../../../flow/contacts/areas.ts";
import { type Answer, json } from "../http/answer.ts";
import type { Call } from "../http/call.ts";
import { timestamp } from "../http/timestamp.ts";
import { refuseTestKey } from "./contact-call.ts";

/** GET /v2/areas: all of them, by name. */
export async function getAreas(call: Call): Promise<Answer> {
  refuseTestKey(call);
  const areas = await readAreas(call.api.intake, call.service);
  return json(200, {
    areas: areas.map(({ id, name, area, createdAt, updatedAt }) => ({
      ...{ id, name, area: present(area) },
      created_at: timestamp(createdAt),
      updated_at: timestamp(updatedAt),
    })),
  });
}

/** As a request may have it. */
function present(area: Area) {
  if (area.kind === "polygon") return linesOf(area.rings);
  return { ...area.centre, radius_km: area.radiusKm };
}
