/** `/platform/senders`: what waits for approval, and what is set up for the senders of all services. */
import { changeSenderApproval } from "../../../flow/senders/decide-senders.ts";
import { asksSenderApproval } from "../../../records/deployment/sender-approval.ts";
import {
  listDecidedSenderRequests,
  listOpenSenderRequests,
  type SenderRequest,
} from "../../../records/senders/sender-request-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { countryRuleRoutes } from "./country-rules.ts";
import { protectedNameRoutes } from "./protected-names.ts";
import { registrationRoutes } from "./registrations.ts";
import { senderRequestRoutes, withStatus } from "./requests.ts";
import { sharedSenderRoutes } from "./shared-senders.ts";

const SENDERS = "/platform/senders";
const APPROVAL = `${SENDERS}/approval`;
const DECIDED_MAX = 20;

interface Hub {
  asksApproval: boolean;
  open: readonly SenderRequest[];
  decided: readonly (SenderRequest & { statusText: string })[];
}

const showHub = page<Hub>("platform-senders/hub.njk");
const showApproval = page<{ form: Form<"choice"> }>("platform-senders/approval.njk");

export const platformSenderRoutes: readonly Route[] = [
  route({ method: "GET", url: SENDERS, who: "platform-admin", handler: showAll }),
  route({ method: "GET", url: APPROVAL, who: "platform-admin", handler: askApproval }),
  route({ method: "POST", url: APPROVAL, who: "platform-admin", handler: setApproval }),
  ...senderRequestRoutes,
  ...countryRuleRoutes,
  ...protectedNameRoutes,
  ...registrationRoutes,
  ...sharedSenderRoutes,
];

async function showAll(visit: UserVisit): Promise<Answer> {
  const { db } = visit.app;
  const [asksApproval, open, decided] = await Promise.all([
    asksSenderApproval(db),
    listOpenSenderRequests(db),
    listDecidedSenderRequests(db, DECIDED_MAX),
  ]);
  return showHub(visit, { asksApproval, open, decided: decided.map((one) => withStatus(visit, one)) });
}

async function askApproval(visit: UserVisit): Promise<Answer> {
  const choice = (await asksSenderApproval(visit.app.db)) ? "on" : "off";
  return showApproval(visit, { form: formOf({ choice }) });
}

function setApproval(visit: UserVisit): Promise<Answer> {
  const values = readFields(visit, ["choice"]);
  return submit({
    values,
    refusedAt: "choice",
    act: async () => {
      await changeSenderApproval(visit.app, actorOf(visit), values.choice === "on");
      return redirect(SENDERS, { flash: visit.text("settings.saved") });
    },
    showAgain: (form) => showApproval(visit, { form }),
  });
}
