/** `/platform/senders`: what waits for approval, and what is set up for the senders of all services. */
import { changeSenderApproval } from "../../../flow/senders/decide-senders.ts";
import {
  getSenderApproval,
  SENDER_APPROVALS,
  type SenderApproval,
} from "../../../records/deployment/sender-approval.ts";
import {
  listDecidedSenderRequests,
  listOpenSenderRequests,
  type SenderRequest,
} from "../../../records/senders/sender-request-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { applicationRoutes } from "./applications.ts";
import { countryRuleRoutes } from "./country-rules.ts";
import { protectedNameRoutes } from "./protected-names.ts";
import { registrationRoutes } from "./registrations.ts";
import { senderRequestRoutes, withStatus } from "./requests.ts";
import { sharedSenderRoutes } from "./shared-senders.ts";

const SENDERS = "/platform/senders";
const APPROVAL = `${SENDERS}/approval`;
const DECIDED_MAX = 20;

interface Hub {
  approvalText: string;
  open: readonly SenderRequest[];
  decided: readonly (SenderRequest & { statusText: string })[];
}

const showHub = page<Hub>("platform-senders/hub.njk");
const showApproval = page<{ form: Form<"choice">; choices: readonly { value: SenderApproval; text: string }[] }>(
  "platform-senders/approval.njk",
);

export const platformSenderRoutes: readonly Route[] = [
  route({ method: "GET", url: SENDERS, who: "platform-admin", handler: showAll }),
  route({ method: "GET", url: APPROVAL, who: "platform-admin", handler: askApproval }),
  route({ method: "POST", url: APPROVAL, who: "platform-admin", handler: setApproval }),
  ...senderRequestRoutes,
  ...applicationRoutes,
  ...countryRuleRoutes,
  ...protectedNameRoutes,
  ...registrationRoutes,
  ...sharedSenderRoutes,
];

async function showAll(visit: UserVisit): Promise<Answer> {
  const { db } = visit.app;
  const [approval, open, decided] = await Promise.all([
    getSenderApproval(db),
    listOpenSenderRequests(db),
    listDecidedSenderRequests(db, DECIDED_MAX),
  ]);
  const approvalText = visit.text(`platformSenders.approval.${approval}`);
  return showHub(visit, { approvalText, open, decided: decided.map((one) => withStatus(visit, one)) });
}

async function askApproval(visit: UserVisit): Promise<Answer> {
  return showChoices(visit, formOf({ choice: await getSenderApproval(visit.app.db) }));
}

function showChoices(visit: UserVisit, form: Form<"choice">): Answer {
  const choices = SENDER_APPROVALS.map((value) => ({ value, text: visit.text(`platformSenders.approval.${value}`) }));
  return showApproval(visit, { form, choices });
}

function setApproval(visit: UserVisit): Promise<Answer> {
  const values = readFields(visit, ["choice"]);
  return submit({
    values,
    refusedAt: "choice",
    act: async () => {
      const choice = SENDER_APPROVALS.find((one) => one === values.choice);
      if (!choice) throw new InvalidFields({ choice: visit.text("platformSenders.approval.choose") });
      await changeSenderApproval(visit.app, actorOf(visit), choice);
      return redirect(SENDERS, { flash: visit.text("settings.saved") });
    },
    showAgain: (form) => showChoices(visit, form),
  });
}
