/** `/platform/senders/applications`: services that want a sender registered in a country, and how far each has come. */
import { movesFrom } from "../../../core/senders/application.ts";
import type { ApplicationAnswers } from "../../../flow/senders/application-form.ts";
import {
  getService,
  moveApplication,
  PLATFORM_MOVES,
  type PlatformMove,
} from "../../../flow/senders/decide-applications.ts";
import { getApplication, type HistoryEntry, readApplication } from "../../../flow/senders/sender-applications.ts";
import {
  listDecidedApplications,
  listOpenApplications,
  type SenderApplication,
} from "../../../records/senders/sender-application-store.ts";
import { countryNames } from "../formats/countries.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";

const APPLICATIONS = "/platform/senders/applications";
const ONE = `${APPLICATIONS}/:id`;
const FIELDS = ["to", "carrier", "reference", "words"] as const;

interface ListPage {
  rows: readonly { id: string; title: string; serviceName: string; stateText: string; changedAt: Date }[];
}

interface ApplicationPage {
  application: SenderApplication;
  country: string;
  answers: ApplicationAnswers;
  history: readonly HistoryEntry[];
  moves: readonly { value: PlatformMove; text: string; id?: string; checked: boolean }[];
  form: Form<(typeof FIELDS)[number]>;
}

const showList = page<ListPage>("platform-senders/applications.njk");
const showOne = page<ApplicationPage>("platform-senders/application.njk");

export const applicationRoutes: readonly Route[] = [
  route({ method: "GET", url: APPLICATIONS, who: "platform-admin", handler: listAll }),
  route({ method: "GET", url: ONE, who: "platform-admin", handler: open }),
  route({ method: "POST", url: ONE, who: "platform-admin", handler: move }),
];

async function listAll(visit: UserVisit): Promise<Answer> {
  const { app, text } = visit;
  const names = countryNames();
  const all = [...(await listOpenApplications(app.db)), ...(await listDecidedApplications(app.db))];
  const rows = all.map(({ id, sender, countryPrefix, serviceName, state, changedAt }) => ({
    ...{ id, serviceName, changedAt, stateText: text(`senderApplications.state.${state}`) },
    title: text("senderApplications.one", { sender, country: names.get(countryPrefix) ?? countryPrefix }),
  }));
  return showList(visit, { rows });
}

function open(visit: UserVisit): Promise<Answer> {
  return show(visit, formOf({ to: "", carrier: "", reference: "", words: "" }));
}

async function show(visit: UserVisit, form: ApplicationPage["form"]): Promise<Answer> {
  const { app, text } = visit;
  const application = await getApplication(app.db, idIn(visit, "id"));
  const service = await getService(app, application.serviceId);
  const possible = movesFrom("platform", application.state);
  const moves = PLATFORM_MOVES.filter((value) => possible.includes(value)).map((value, index) => ({
    ...{ value, text: text(`senderApplications.to.${value}`), checked: form.values.to === value },
    ...(index === 0 ? { id: "to" } : {}),
  }));
  const country = countryNames().get(application.countryPrefix) ?? application.countryPrefix;
  return showOne(visit, { application, country, moves, form, ...(await readApplication(app, service, application)) });
}

function move(visit: UserVisit): Promise<Answer> {
  const { people, origin, text } = visit;
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "to",
    act: async () => {
      const to = PLATFORM_MOVES.find((one) => one === values.to);
      if (!to) throw new InvalidFields({ to: text("senderApplications.chooseMove") });
      const id = idIn(visit, "id");
      await moveApplication(people, actorOf(visit), { ...values, id, to, origin });
      return redirect(`${APPLICATIONS}/${id}`, { flash: text("senderApplications.moved") });
    },
    showAgain: (form) => show(visit, form),
  });
}
