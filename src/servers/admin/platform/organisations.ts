/** `/platform/organisations`: whom services belong to. */
import { createOrganisation } from "../../../flow/people/organisations.ts";
import {
  listOrganisationOverviews,
  type OrganisationOverview,
} from "../../../records/organisations/organisation-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { type ListPage, placeOf, readPage } from "./shown.ts";

const URL = "/platform/organisations";

type Row = OrganisationOverview & { url: string | undefined };

const showOrganisations = page<{ form: Form<"name">; list: ListPage<Row> }>("platform/organisations.njk");

export const platformOrganisationRoutes: readonly Route[] = [
  route({ method: "GET", url: URL, who: "platform-admin", handler: listOrganisations }),
  route({ method: "POST", url: URL, who: "platform-admin", handler: addOrganisation }),
];

function listOrganisations(visit: UserVisit): Promise<Answer> {
  return showAll(visit, formOf({ name: "" }));
}

async function showAll(visit: UserVisit, form: Form<"name">): Promise<Answer> {
  const list = await readPage(visit, (at) => listOrganisationOverviews(visit.app.db, at));
  const rows = list.rows.map((row) => ({ ...row, url: placeOf(visit, { kind: "organisation", id: row.id }) }));
  return showOrganisations(visit, { form, list: { ...list, rows } });
}

function addOrganisation(visit: UserVisit): Promise<Answer> {
  const values = readFields(visit, ["name"]);
  return submit({
    values,
    refusedAt: "name",
    act: async () => {
      const id = await createOrganisation(visit.people, actorOf(visit), values.name);
      const flash = visit.text("platform.organisations.added");
      return redirect(placeOf(visit, { kind: "organisation", id }) ?? URL, { flash });
    },
    showAgain: (form) => showAll(visit, form),
  });
}
