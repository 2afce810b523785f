/** `/invitation/:token` and `/organisation-invitation/:token`: what an invitation's link opens. Looking uses nothing up; joining is a POST. */
import { impossible } from "../../../core/refusal.ts";
import { beginTextFactor } from "../../../flow/people/factors.ts";
import {
  acceptAsNewUser,
  acceptInvitation,
  findInvitationState,
  type InvitationState,
} from "../../../flow/people/invitations.ts";
import type { NamedInvitation } from "../../../records/invitations/invitation-store.ts";
import { findUser } from "../../../records/users/user-store.ts";
import { actorOf, whereOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { SignedIn, Visit } from "../http/visit.ts";
import { enterWithPassword } from "../sign-in/enter.ts";
import { permissionWords } from "../team/permission-fields.ts";
import { guessName } from "./guess-name.ts";

/** Shows that texts arrive at the number that was given. */
const CONFIRM_MOBILE = "/account/second-factors/text/code";
const GONE = 410;
const NOT_FOUND = 404;
const FORBIDDEN = 403;
const FIELDS = ["name", "mobileNumber", "password"] as const;
type Field = (typeof FIELDS)[number];

type Pending = Extract<InvitationState, { kind: "pending" }>;

/** What the visitor can do about an invitation that waits for an answer. */
type Way =
  | { kind: "accept"; visitor: SignedIn; invitation: NamedInvitation }
  | { kind: "sign-in" | "register" | "wrong-account"; invitation: NamedInvitation };

interface Told {
  heading: string;
  words: string;
  link?: { text: string; href: string };
  /** Shows a way to sign out. */
  signsOut?: boolean;
}

interface Invited {
  invitation: NamedInvitation;
  /** Of this page. */
  url: string;
  may: readonly string[];
}

const showTold = page<Told>("invitations/told.njk");
const showAccept = page<Invited>("invitations/accept.njk");
const showRegister = page<Invited & { form: Form<Field> }>("invitations/register.njk");

const URLS = ["/invitation/:token", "/organisation-invitation/:token"] as const;

export const invitationRoutes: readonly Route[] = URLS.flatMap((url) => [
  route({ method: "GET", url, who: "anyone", handler: open }),
  route({ method: "POST", url, who: "anyone", handler: accept }),
]);

async function open(visit: Visit): Promise<Answer> {
  const state = await stateOf(visit);
  return state.kind === "pending" ? openPending(visit, await wayOf(visit, state)) : tellState(visit, state);
}

function stateOf(visit: Visit): Promise<InvitationState> {
  return findInvitationState(visit.people, visit.params["token"] ?? "");
}

async function wayOf({ app, visitor }: Visit, { invitation, user }: Pending): Promise<Way> {
  if (visitor.kind !== "signed-in") return { kind: user ? "sign-in" : "register", invitation };
  const self = await findUser(app.db, visitor.userId);
  const isTheirs = self?.emailAddress.toLowerCase() === invitation.emailAddress.toLowerCase();
  return isTheirs ? { kind: "accept", visitor, invitation } : { kind: "wrong-account", invitation };
}

function openPending(visit: Visit, way: Way): Answer {
  const { invitation } = way;
  switch (way.kind) {
    case "accept":
      return showAccept(visit, invitedTo(visit, invitation));
    case "register":
      return showRegister(visit, { ...invitedTo(visit, invitation), form: formOf(newPerson(invitation)) });
    case "sign-in":
      return askToSignIn(visit, invitation);
    case "wrong-account":
      return tellWrongAccount(visit);
    default:
      return impossible(way);
  }
}

function invitedTo(visit: Visit, invitation: NamedInvitation): Invited {
  const may = invitation.serviceId ? permissionWords(visit, invitation.permissions) : [];
  return { invitation, may, url: pathOf(visit) };
}

function newPerson({ emailAddress }: NamedInvitation): Record<Field, string> {
  return { name: guessName(emailAddress), mobileNumber: "", password: "" };
}

function pathOf({ url }: Visit): string {
  return url.split("?")[0] ?? url;
}

/** Where the invitation leads once it is accepted. */
function homeOf({ serviceId, organisationId }: NamedInvitation): string {
  return serviceId ? `/services/${serviceId}` : `/orgs/${organisationId}`;
}

function askToSignIn(visit: Visit, { toName, invitedByName }: NamedInvitation): Answer {
  const { text } = visit;
  return showTold(visit, {
    heading: text("invitations.join", { name: toName }),
    words: text("invitations.signInFirst", { inviter: invitedByName }),
    link: { text: text("invitations.signIn"), href: `/sign-in?next=${encodeURIComponent(pathOf(visit))}` },
  });
}

/** Whom it is for is not told to who has somebody else's link. */
function tellWrongAccount(visit: Visit): Answer {
  const { text } = visit;
  const told = { heading: text("invitations.wrongAccount.title"), words: text("invitations.wrongAccount.explain") };
  return { ...showTold(visit, { ...told, signsOut: true }), status: FORBIDDEN };
}

function tellState(visit: Visit, state: Exclude<InvitationState, Pending>): Answer {
  const { text } = visit;
  switch (state.kind) {
    case "unknown": {
      const told = { heading: text("invitations.unknown.title"), words: text("invitations.unknown.explain") };
      return { ...showTold(visit, told), status: NOT_FOUND };
    }
    case "cancelled":
    case "expired": {
      const words = text(`invitations.${state.kind}.explain`, { inviter: state.invitation.invitedByName });
      return { ...showTold(visit, { heading: text(`invitations.${state.kind}.title`), words }), status: GONE };
    }
    case "accepted":
      return tellAccepted(visit, state.invitation);
    default:
      return impossible(state);
  }
}

function tellAccepted(visit: Visit, invitation: NamedInvitation): Answer {
  if (visit.visitor.kind === "signed-in") return redirect(homeOf(invitation));
  const { text } = visit;
  return showTold(visit, {
    heading: text("invitations.accepted.title"),
    words: text("invitations.accepted.explain"),
    link: { text: text("invitations.signIn"), href: `/sign-in?next=${encodeURIComponent(homeOf(invitation))}` },
  });
}

async function accept(visit: Visit): Promise<Answer> {
  const state = await stateOf(visit);
  if (state.kind !== "pending") return tellState(visit, state);
  const way = await wayOf(visit, state);
  switch (way.kind) {
    case "accept":
      await acceptInvitation(visit.people, actorOf({ ...visit, visitor: way.visitor }), visit.params["token"] ?? "");
      return redirect(homeOf(way.invitation), { flash: joined(visit, way.invitation) });
    case "register":
      return register(visit, way.invitation);
    case "sign-in":
    case "wrong-account":
      return openPending(visit, way);
    default:
      return impossible(way);
  }
}

function joined({ text }: Visit, { toName }: NamedInvitation): string {
  return text("invitations.joined", { name: toName });
}

/** The link has shown that the mailbox is theirs: they are signed in with the password they have just chosen. */
function register(visit: Visit, invitation: NamedInvitation): Promise<Answer> {
  const values = readFields(visit, FIELDS);
  const { emailAddress } = invitation;
  return submit({
    values,
    refusedAt: "name",
    act: async () => {
      const form = { ...values, token: visit.params["token"] ?? "" };
      const { userId } = await acceptAsNewUser(visit.people, form, whereOf(visit));
      const hasNumber = values.mobileNumber.trim() !== "";
      const next = hasNumber ? CONFIRM_MOBILE : homeOf(invitation);
      const answer = await enterWithPassword(visit, { emailAddress, password: values.password }, next);
      // Who gave a number is texted a code, to sign in with from then on; only now, since signing in uses up what was sent before.
      if (hasNumber) await beginTextFactor(visit.people, { userId, ip: visit.ipAddress });
      return { ...answer, flash: joined(visit, invitation) };
    },
    showAgain: (form) => showRegister(visit, { ...invitedTo(visit, invitation), form }),
  });
}
