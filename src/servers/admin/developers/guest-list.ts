/** `/services/:sid/developers/guest-list`: the people outside the team who help to test. */
import { GUESTS_OF_A_SORT_MAX, readGuestList, saveGuestList } from "../../../flow/keys/guest-list.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";

const PLACES = [...Array(GUESTS_OF_A_SORT_MAX).keys()];
const EMAIL_FIELDS = PLACES.map((place) => `emailAddresses.${place}`);
const PHONE_FIELDS = PLACES.map((place) => `phoneNumbers.${place}`);
const FIELDS = [...EMAIL_FIELDS, ...PHONE_FIELDS];

const showGuestList = page<{
  serviceId: string;
  form: Form;
  emailFields: readonly string[];
  phoneFields: readonly string[];
}>("developers/guest-list.njk");

const GUEST_LIST = "/services/:sid/developers/guest-list";
const who = { permission: "manage_api_keys" } as const;

export const guestListRoutes: readonly Route[] = [
  route({ method: "GET", url: GUEST_LIST, who, handler: open }),
  route({ method: "POST", url: GUEST_LIST, who, handler: save }),
];

async function open(visit: ServiceVisit): Promise<Answer> {
  const { emailAddresses, phoneNumbers } = await readGuestList(visit.app, visit.service);
  const filled = [
    ...EMAIL_FIELDS.map((field, place) => [field, emailAddresses[place] ?? ""] as const),
    ...PHONE_FIELDS.map((field, place) => [field, phoneNumbers[place] ?? ""] as const),
  ];
  return show(visit, formOf(Object.fromEntries(filled)));
}

function show(visit: ServiceVisit, form: Form): Answer {
  return showGuestList(visit, {
    ...{ serviceId: visit.service.id, form },
    ...{ emailFields: EMAIL_FIELDS, phoneFields: PHONE_FIELDS },
  });
}

async function save(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text, url } = visit;
  const values = readFields(visit, FIELDS);
  const typedIn = (fields: readonly string[]) => fields.map((field) => values[field] ?? "");
  return submit({
    values,
    refusedAt: "emailAddresses.0",
    act: async () => {
      const form = { emailAddresses: typedIn(EMAIL_FIELDS), phoneNumbers: typedIn(PHONE_FIELDS) };
      await saveGuestList(app, actorOf(visit), { service, form });
      return redirect(url, { flash: text("developers.guestList.saved") });
    },
    showAgain: (form) => show(visit, form),
  });
}
