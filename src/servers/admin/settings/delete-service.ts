/** `/services/:sid/settings/delete`: the end of a service. */
import { archiveService } from "../../../flow/people/services.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { errorPage } from "../http/error-pages.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";

const showDelete = page<{ serviceId: string; name: string }>("settings/delete.njk");

const DELETE = "/services/:sid/settings/delete";
const who = { permission: "manage_service" } as const;

export const deleteRoutes: readonly Route[] = [
  route({ method: "GET", url: DELETE, who, handler: ask }),
  route({ method: "POST", url: DELETE, who, handler: remove }),
];

/** A live service is deleted by those who run the deployment, once they know what depends on it. */
export function mayDelete({ service, visitor }: ServiceVisit): boolean {
  return !service.archivedAt && (service.isTrial || visitor.isPlatformAdmin);
}

function ask(visit: ServiceVisit): Answer {
  const { service } = visit;
  if (!mayDelete(visit)) return errorPage(visit, "forbidden");
  return showDelete(visit, { serviceId: service.id, name: service.name });
}

async function remove(visit: ServiceVisit): Promise<Answer> {
  const { people, service, text, visitor } = visit;
  const { isPlatformAdmin } = visitor;
  await archiveService(people, actorOf(visit), { serviceId: service.id, isPlatformAdmin });
  return redirect("/services", { flash: text("settings.delete.done") });
}
