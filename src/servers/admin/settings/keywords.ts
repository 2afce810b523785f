/** `/services/:sid/settings/keywords`: what a service tells the texts to its own numbers apart by. */
import { readOwnKeywords, setOwnKeywords } from "../../../flow/replies/share-number.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";

const KEYWORDS = "/services/:sid/settings/keywords";
const who = { permission: "manage_service" } as const;

const showKeywords = page<{ serviceId: string; numbers: string; form: Form<"keywords"> }>("settings/keywords.njk");

export const keywordRoutes: readonly Route[] = [
  route({ method: "GET", url: KEYWORDS, who, handler: ask }),
  route({ method: "POST", url: KEYWORDS, who, handler: save }),
];

async function ask(visit: ServiceVisit): Promise<Answer> {
  const { keywords } = await readOwnKeywords(visit.app.db, visit.service.id);
  return show(visit, formOf({ keywords: keywords.join("\n") }));
}

async function show(visit: ServiceVisit, form: Form<"keywords">): Promise<Answer> {
  const { id: serviceId } = visit.service;
  const { numbers } = await readOwnKeywords(visit.app.db, serviceId);
  return showKeywords(visit, { serviceId, numbers: numbers.join(", "), form });
}

function save(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const values = readFields(visit, ["keywords"]);
  return submit({
    values,
    refusedAt: "keywords",
    act: async () => {
      await setOwnKeywords(app, actorOf(visit), { serviceId: service.id, text: values.keywords });
      return redirect(`/services/${service.id}/settings`, { flash: text("settings.saved") });
    },
    showAgain: (form) => show(visit, form),
  });
}
