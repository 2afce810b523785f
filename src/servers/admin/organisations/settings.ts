/** `/orgs/:oid/settings`: an organisation's name, its domains, and what it decides for itself; for platform administrators. */
import { changeOrganisation } from "../../../flow/people/organisations.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, readList, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import {
  type OrganisationPage,
  type OrganisationVisit,
  organisationPage,
  organisationUrl,
  visitOrganisation,
} from "./organisation-visit.ts";

const SETTINGS = "/orgs/:oid/settings";
const FIELDS = ["name", "domains"] as const;
type Field = (typeof FIELDS)[number];

interface Rules {
  approvesOwnServices: boolean;
  takesJoinRequests: boolean;
}

const showSettings = page<OrganisationPage & { url: string; form: Form<Field>; rules: Rules }>(
  "organisations/settings.njk",
);

export const organisationSettingsRoutes: readonly Route[] = [
  route({ method: "GET", url: SETTINGS, who: "platform-admin", handler: openSettings }),
  route({ method: "POST", url: SETTINGS, who: "platform-admin", handler: saveSettings }),
];

async function openSettings(userVisit: UserVisit): Promise<Answer> {
  const visit = await visitOrganisation(userVisit);
  const { name, domains } = visit.organisation;
  return show(visit, { form: formOf<Field>({ name, domains: domains.join("\n") }), rules: visit.organisation });
}

function show(visit: OrganisationVisit, { form, rules }: { form: Form<Field>; rules: Rules }): Answer {
  return showSettings(visit, { ...organisationPage(visit), url: `${organisationUrl(visit)}/settings`, form, rules });
}

async function saveSettings(userVisit: UserVisit): Promise<Answer> {
  const visit = await visitOrganisation(userVisit);
  const { people, organisation, text } = visit;
  const values = readFields(visit, FIELDS);
  const ticked = readList(visit, "rules");
  const rules = {
    approvesOwnServices: ticked.includes("approvesOwnServices"),
    takesJoinRequests: ticked.includes("takesJoinRequests"),
  };
  return submit({
    values,
    refusedAt: "name",
    act: async () => {
      const domains = values.domains.split(/[\s,]+/).filter(Boolean);
      await changeOrganisation(people, actorOf(visit), { id: organisation.id, name: values.name, domains, ...rules });
      return redirect(`${organisationUrl(visit)}/settings`, { flash: text("organisations.saved") });
    },
    showAgain: (form) => show(visit, { form, rules }),
  });
}
