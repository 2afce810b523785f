/** Two tasks before a service goes live that have no page elsewhere: its name, and how much it will send. */
import { confirmNameUnique, setYearlyVolumes } from "../../../flow/people/go-live.ts";
import { findYearlyVolumes } from "../../../records/services/service-life-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { goLiveUrl } from "./go-live.ts";

const NAME = "/services/:sid/go-live/name";
const VOLUMES = "/services/:sid/go-live/volumes";
const SETTINGS_NAME = "/services/:sid/settings/name";
const MANAGER = { permission: "manage_service" } as const;
const FIELDS = ["sms", "email"] as const;
type Field = (typeof FIELDS)[number];
const WHOLE_NUMBER = /^\d{1,12}$/;

const showName = page<{ name: string; url: string; renameUrl: string | undefined }>("go-live/name.njk");
const showVolumes = page<{ url: string; form: Form<Field> }>("go-live/volumes.njk");

export const goLiveTaskRoutes: readonly Route[] = [
  route({ method: "GET", url: NAME, who: MANAGER, handler: askAboutName }),
  route({ method: "POST", url: NAME, who: MANAGER, handler: confirmName }),
  route({ method: "GET", url: VOLUMES, who: MANAGER, handler: askVolumes }),
  route({ method: "POST", url: VOLUMES, who: MANAGER, handler: saveVolumes }),
];

function askAboutName(visit: ServiceVisit): Answer {
  const { admin, service } = visit;
  const renameUrl = admin.urls.has(SETTINGS_NAME) ? SETTINGS_NAME.replace(":sid", service.id) : undefined;
  return showName(visit, { name: service.name, url: goLiveUrl(visit), renameUrl });
}

async function confirmName(visit: ServiceVisit): Promise<Answer> {
  await confirmNameUnique(visit.people, actorOf(visit), visit.service.id);
  return redirect(goLiveUrl(visit));
}

async function askVolumes(visit: ServiceVisit): Promise<Answer> {
  const { sms, email } = await findYearlyVolumes(visit.app.db, visit.service.id);
  const form = formOf<Field>({ sms: sms?.toString() ?? "", email: email?.toString() ?? "" });
  return showVolumes(visit, { url: goLiveUrl(visit), form });
}

function saveVolumes(visit: ServiceVisit): Promise<Answer> {
  const { people, service } = visit;
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "sms",
    act: async () => {
      const volumes = { sms: wholeNumber(values.sms), email: wholeNumber(values.email) };
      await setYearlyVolumes(people, actorOf(visit), { serviceId: service.id, ...volumes });
      return redirect(goLiveUrl(visit));
    },
    showAgain: (form) => showVolumes(visit, { url: goLiveUrl(visit), form }),
  });
}

/** "12,000" → 12000; nothing is none; what is no number is NaN, which is refused. */
function wholeNumber(text: string): number {
  const digits = text.replace(/[\s,]/g, "");
  if (digits === "") return 0;
  return WHOLE_NUMBER.test(digits) ? Number(digits) : Number.NaN;
}
