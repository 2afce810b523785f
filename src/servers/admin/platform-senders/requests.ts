/** `/platform/senders/requests/:id`: one sender that somebody asks for, and the decision. */
import { approveSender, getSenderRequest, refuseSender } from "../../../flow/senders/decide-senders.ts";
import type { SenderRequest } from "../../../records/senders/sender-request-store.ts";
import { findServiceFacts, type ServiceFacts } from "../../../records/services/service-overview-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";

const SENDERS = "/platform/senders";
const REQUEST = `${SENDERS}/requests/:id`;

interface RequestPage {
  form: Form<"reason">;
  request: SenderRequest & { statusText: string };
  service: ServiceFacts | undefined;
}

const showRequest = page<RequestPage>("platform-senders/request.njk");

export const senderRequestRoutes: readonly Route[] = [
  route({ method: "GET", url: REQUEST, who: "platform-admin", handler: open }),
  route({ method: "POST", url: REQUEST, who: "platform-admin", handler: decide }),
];

export function withStatus({ text }: UserVisit, request: SenderRequest) {
  const status = request.isProven ? "proven" : request.status;
  return { ...request, statusText: text(`platformSenders.status.${status}`) };
}

function open(visit: UserVisit): Promise<Answer> {
  return show(visit, formOf({ reason: "" }));
}

async function show(visit: UserVisit, form: Form<"reason">): Promise<Answer> {
  const request = await getSenderRequest(visit.app, idIn(visit, "id"));
  const service = await findServiceFacts(visit.app.db, request.serviceId);
  return showRequest(visit, { form, request: withStatus(visit, request), service });
}

/** Whoever presses enter in the field has not approved anything. */
function decide(visit: UserVisit): Promise<Answer> {
  const { reason, decision } = readFields(visit, ["reason", "decision"]);
  const { people, origin, text } = visit;
  return submit({
    values: { reason },
    refusedAt: "reason",
    act: async () => {
      const id = idIn(visit, "id");
      if (decision === "approve") await approveSender(people, actorOf(visit), { id, origin });
      else await refuseSender(people, actorOf(visit), { id, origin, reason });
      const flash = text(decision === "approve" ? "platformSenders.approved" : "platformSenders.refused");
      return redirect(SENDERS, { flash });
    },
    showAgain: (form) => show(visit, form),
  });
}
