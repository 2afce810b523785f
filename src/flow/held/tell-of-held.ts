/** For the housekeeping: tells those who manage a service that messages of a template are held, once for each time that they begin to be. */
import { listHeldGroups } from "../../records/held/held-message-store.ts";
import { listTeam } from "../../records/services/team-store.ts";
import type { App } from "../app.ts";
import { createIntake } from "../intake/create-intake.ts";
import { createPeople } from "../people/people.ts";
import { sendOnce } from "../people/send-once.ts";
import { HELD_GROUPS_MAX } from "./release.ts";

const PEOPLE_MAX = 50;

export async function tellOfHeld(app: App): Promise<{ told: number }> {
  const groups = (await listHeldGroups(app.db, { limit: HELD_GROUPS_MAX })).filter(({ isApproved }) => !isApproved);
  if (groups.length === 0) return { told: 0 };
  const people = createPeople(createIntake(app));
  let told = 0;
  for (const { serviceId, templateName, messages, firstId, firstExpiresAt } of groups) {
    const service = await app.services.find(serviceId);
    if (!service) continue;
    const managers = (await listTeam(app.db, serviceId)).filter(({ permissions }) =>
      permissions.includes("manage_service"),
    );
    const link = `${people.origins.admin ?? people.origins.own ?? ""}/services/${serviceId}/held`;
    const until = `on ${firstExpiresAt.toISOString().slice(0, 16).replace("T", " at ")} UTC`;
    const values = { service: service.name, template: templateName, count: String(messages), until, link };
    // The first that is held names the hold: whoever was told of it is told of the next.
    const onceAs = `held ${firstId}`;
    for (const { emailAddress: to } of managers.slice(0, PEOPLE_MAX))
      await sendOnce(people, { kind: "messages-held", to, values, onceAs });
    told += managers.length;
  }
  return { told };
}
