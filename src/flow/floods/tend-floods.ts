/** For the housekeeping: tells who manages a service and who runs the installation what guards against floods have stopped, and tidies up. */
import { floodDayOf } from "../../core/floods/flood-rule.ts";
import { deleteEndedFloodStops, type ListedFloodStop, listFloodStops } from "../../records/floods/flood-stop-store.ts";
import { deletePastFloods } from "../../records/floods/flood-tally-store.ts";
import { listTeam } from "../../records/services/team-store.ts";
import { listUsers } from "../../records/users/user-store.ts";
import type { App } from "../app.ts";
import { createIntake } from "../intake/create-intake.ts";
import { createPeople, type People } from "../people/people.ts";
import { sendOnce } from "../people/send-once.ts";
import { inBatches } from "../upkeep/in-batches.ts";

export const FLOOD_STOPS_MAX = 500;
const PEOPLE_MAX = 50;
const AT_ONCE_MAX = 1_000;
/** Of what was counted longer ago nothing is usual. */
const KEPT_DAYS = 15;

const WHAT = {
  prefix: "Far more texts than usual were sent to numbers that begin alike",
  template: "Far more texts than usual were sent with one template",
  spend: "Far more than usual was spent on messages",
} as const;

export async function tellOfFloods(app: App): Promise<{ told: number }> {
  const stops = await listFloodStops(app.db, { now: app.clock.now(), limit: FLOOD_STOPS_MAX });
  if (stops.length === 0) return { told: 0 };
  const people = createPeople(createIntake(app));
  let told = 0;
  for (const stop of firstOfEach(stops)) told += await tell(app, people, stop);
  return { told };
}

/** Of each service's guards: an attack goes to many prefixes, and people read one email. Whoever was told of the first knows of the next. */
function firstOfEach(stops: readonly ListedFloodStop[]): ListedFloodStop[] {
  const firsts = new Map<string, ListedFloodStop>();
  for (const stop of stops) firsts.set(`${stop.ruleId} ${stop.serviceId}`, stop);
  return [...firsts.values()];
}

async function tell(app: App, people: People, stop: ListedFloodStop): Promise<number> {
  const origin = people.origins.admin ?? people.origins.own ?? "";
  const values = await inWords(app, stop);
  const managers = await managersOf(app, stop.serviceId);
  const operators = (await listUsers(app.db)).filter(({ isPlatformAdmin }) => isPlatformAdmin);
  const links = new Map([
    ...operators.map(({ emailAddress }) => [emailAddress, `${origin}/platform/settings/flood-guard`] as const),
    ...managers.map((to) => [to, `${origin}/services/${stop.serviceId}/settings/flood-guard`] as const),
  ]);
  for (const [to, link] of [...links].slice(0, PEOPLE_MAX))
    await sendOnce(people, { kind: "flood-stopped", to, values: { ...values, link }, onceAs: `flood ${stop.id}` });
  return links.size;
}

async function managersOf({ db }: App, serviceId: string): Promise<string[]> {
  const team = await listTeam(db, serviceId);
  return team
    .filter(({ permissions }) => permissions.includes("manage_service"))
    .map(({ emailAddress }) => emailAddress);
}

async function inWords({ services }: App, { serviceId, ruleId, serviceName, countsBy, endsAt }: ListedFloodStop) {
  const rule = (await services.find(serviceId))?.floodRules.find(({ id }) => id === ruleId);
  return {
    ...{ service: serviceName, what: WHAT[countsBy], action: rule?.action === "hold" ? "held" : "refused" },
    until: endsAt ? `until ${timeOf(endsAt)} UTC` : "until somebody lifts it",
  };
}

function timeOf(moment: Date): string {
  return moment.toISOString().slice(0, 16).replace("T", " ");
}

export async function deleteFloods({
  db,
  clock,
}: Pick<App, "db" | "clock">): Promise<Record<"stops" | "counts", number>> {
  const now = clock.now();
  const day = floodDayOf(now) - KEPT_DAYS;
  const counts = await inBatches(AT_ONCE_MAX, (limit) => deletePastFloods(db, { day, limit }));
  return { stops: await deleteEndedFloodStops(db, now), counts };
}
