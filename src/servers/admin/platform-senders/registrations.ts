/** `/platform/senders/registrations`: every service's senders, and in which countries' lists each is. */
import { Refusal } from "../../../core/refusal.ts";
import { registerSender } from "../../../flow/senders/platform-senders.ts";
import {
  findPlatformSender,
  listAllTextSenders,
  type PlatformSender,
} from "../../../records/senders/text-sender-store.ts";
import { countryNames, readCountries } from "../formats/countries.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { showListing } from "./listing.ts";

const REGISTRATIONS = "/platform/senders/registrations";
const ONE = `${REGISTRATIONS}/:id`;

const showSender = page<{ one: PlatformSender; form: Form<"countries"> }>("platform-senders/registration.njk");

export const registrationRoutes: readonly Route[] = [
  route({ method: "GET", url: REGISTRATIONS, who: "platform-admin", handler: listAll }),
  route({ method: "GET", url: ONE, who: "platform-admin", handler: open }),
  route({ method: "POST", url: ONE, who: "platform-admin", handler: save }),
];

async function listAll(visit: UserVisit): Promise<Answer> {
  const { text, app, query } = visit;
  const search = (query.get("sender") ?? "").trim();
  const names = countryNames();
  return showListing(visit, {
    title: text("platformSenders.registrations.title"),
    explain: text("platformSenders.registrations.explain"),
    empty: text("platformSenders.registrations.none"),
    add: undefined,
    search,
    rows: (await listAllTextSenders(app.db, search)).map((one) => ({
      title: one.sender,
      lines: [
        one.serviceName,
        ...(one.isShared ? [text("settings.textSenders.shared")] : []),
        one.registeredCountries.map((country) => names.get(country) ?? country).join("; "),
      ].filter(Boolean),
      url: one.isShared ? undefined : `${REGISTRATIONS}/${one.id}`,
    })),
  });
}

async function find(visit: UserVisit): Promise<PlatformSender> {
  const one = await findPlatformSender(visit.app.db, idIn(visit, "id"));
  if (!one || one.isShared) throw new Refusal("not-found", "There is no such sender");
  return one;
}

async function open(visit: UserVisit): Promise<Answer> {
  const one = await find(visit);
  return showSender(visit, { one, form: formOf({ countries: one.registeredCountries.join(", ") }) });
}

async function save(visit: UserVisit): Promise<Answer> {
  const one = await find(visit);
  const values = readFields(visit, ["countries"]);
  return submit({
    values,
    refusedAt: "countries",
    act: async () => {
      const countries = readCountries(values.countries);
      await registerSender(visit.app, actorOf(visit), { id: one.id, countries });
      return redirect(REGISTRATIONS, { flash: visit.text("settings.saved") });
    },
    showAgain: (form) => showSender(visit, { one, form }),
  });
}
