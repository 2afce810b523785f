/** `/services/join`: choosing a service of one's organisation, and asking those who manage it to be let in. */
import { Refusal } from "../../../core/refusal.ts";
import { askToJoin, listManagers, listServicesToJoin } from "../../../flow/people/join-requests.ts";
import type { OrganisationService } from "../../../records/organisations/organisation-people-store.ts";
import type { TeamMember } from "../../../records/services/team-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, readList, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";

const FIELDS = ["managerIds", "reason"] as const;
type Field = (typeof FIELDS)[number];

const showChoice = page<{ services: readonly OrganisationService[] }>("services/join.njk");
const showAsk = page<{
  service: OrganisationService;
  form: Form<Field>;
  managers: readonly (TeamMember & { isChosen: boolean })[];
}>("services/ask-to-join.njk");

export const joinRoutes: readonly Route[] = [
  route({ method: "GET", url: "/services/join", who: "signed-in", handler: chooseService }),
  route({ method: "GET", url: "/services/join/:id", who: "signed-in", handler: chooseManagers }),
  route({ method: "POST", url: "/services/join/:id", who: "signed-in", handler: ask }),
];

async function chooseService(visit: UserVisit): Promise<Answer> {
  return showChoice(visit, { services: await servicesToJoin(visit) });
}

/** Of the visitor's organisation, and not worked in yet. */
export async function servicesToJoin({ people, visitor }: UserVisit): Promise<OrganisationService[]> {
  const services = await listServicesToJoin(people, visitor.userId);
  return services.filter(({ id }) => !visitor.memberships.has(id));
}

function chooseManagers(visit: UserVisit): Promise<Answer> {
  return showForm(visit, formOf<Field>({ managerIds: "", reason: "" }));
}

async function showForm(visit: UserVisit, form: Form<Field>): Promise<Answer> {
  const id = idIn(visit, "id");
  const service = (await servicesToJoin(visit)).find((candidate) => candidate.id === id);
  if (!service) throw new Refusal("not-found", "There is no such service that you can ask to join");
  const managers = await listManagers(visit.people, id);
  const chosen = readList(visit, "managerIds");
  const isOnlyOne = managers.length === 1;
  const offered = managers.map((manager) => ({ ...manager, isChosen: isOnlyOne || chosen.includes(manager.userId) }));
  return showAsk(visit, { service, form, managers: offered });
}

function ask(visit: UserVisit): Promise<Answer> {
  const { people, origin, text } = visit;
  const { reason } = readFields(visit, ["reason"]);
  const managerIds = readList(visit, "managerIds");
  return submit({
    values: { managerIds: "", reason },
    refusedAt: "managerIds",
    act: async () => {
      await askToJoin(people, actorOf(visit), { serviceId: idIn(visit, "id"), managerIds, reason, origin });
      return redirect("/services", { flash: text("services.asked", { count: managerIds.length }) });
    },
    showAgain: (form) => showForm(visit, form),
  });
}
