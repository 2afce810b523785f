/** A request to go live as pages show it, and what those who decide answer to it. */
import { impossible } from "../../../core/refusal.ts";
import { approveGoLive, commentOnGoLive, refuseGoLive } from "../../../flow/people/go-live.ts";
import { type GoLiveComment, type GoLiveRequest, listGoLiveComments } from "../../../records/go-live/go-live-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, readFields, submit } from "../http/form.ts";
import type { UserVisit } from "../http/visit.ts";

export type DecisionForm = Form<"comment">;

export interface ShownRequest {
  request: GoLiveRequest;
  /** In words: waits, approved, refused. */
  state: string;
  comments: readonly GoLiveComment[];
}

export async function showableRequest({ app, text }: UserVisit, request: GoLiveRequest): Promise<ShownRequest> {
  const { status, requestedByName: name, decidedByName: decider = "" } = request;
  const comments = await listGoLiveComments(app.db, request.id);
  return { request, state: text(`goLive.state.${status}`, { name, decider }), comments };
}

interface Answering {
  request: GoLiveRequest;
  /** The page to come back to. */
  url: string;
  showAgain: (form: DecisionForm) => Promise<Answer>;
}

/** The form of `go-live/decision.njk`. Whether the visitor may decide is asked by what is called. */
export function decideOnRequest(visit: UserVisit, { request, url, showAgain }: Answering): Promise<Answer> {
  const values = readFields(visit, ["comment"]);
  const { decision } = readFields(visit, ["decision"]);
  return submit({
    values,
    refusedAt: "comment",
    act: async () => {
      const kind = asDecision(decision);
      await decide(visit, { id: request.id, kind, comment: values.comment });
      return redirect(url, { flash: visit.text(`goLive.said.${kind}`) });
    },
    showAgain,
  });
}

type Decision = "comment" | "approve" | "refuse";

/** Nothing is decided by a form sent without one of its buttons. */
function asDecision(text: string): Decision {
  return text === "approve" || text === "refuse" ? text : "comment";
}

async function decide(
  visit: UserVisit,
  { id, kind, comment }: { id: string; kind: Decision; comment: string },
): Promise<void> {
  const { people, origin } = visit;
  switch (kind) {
    case "comment":
      return commentOnGoLive(people, actorOf(visit), { id, comment });
    case "approve":
      return approveGoLive(people, actorOf(visit), { id, comment, origin });
    case "refuse":
      return refuseGoLive(people, actorOf(visit), { id, comment, origin });
    default:
      return impossible(kind);
  }
}
