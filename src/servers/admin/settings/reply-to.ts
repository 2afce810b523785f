/** `/services/:sid/settings/reply-to`: where replies to a service's emails go, each address proven by a link sent to it. */
import { Refusal } from "../../../core/refusal.ts";
import { replyToLinks } from "../../../flow/people/reply-to-link.ts";
import {
  listWaitingReplyTos,
  makeReplyToDefault,
  removeReplyTo,
  requestReplyTo,
  verifyReplyTo,
} from "../../../flow/services/reply-tos.ts";
import type { ReplyToVerification } from "../../../records/senders/reply-to-verification-store.ts";
import type { ReplyToAddress } from "../../../records/services/service.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit, type Values } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit, Visit } from "../http/visit.ts";

const FIELDS = ["address", "isDefault"] as const;
type Field = (typeof FIELDS)[number];

const showList = page<{
  serviceId: string;
  addresses: readonly ReplyToAddress[];
  waiting: readonly ReplyToVerification[];
  mayChange: boolean;
}>("settings/reply-to.njk");
const showAddress = page<{
  serviceId: string;
  known: ReplyToAddress | undefined;
  form: Form<Field>;
  isOnly: boolean;
}>("settings/reply-to-address.njk");
const showRemove = page<{ serviceId: string; known: ReplyToAddress; form: Form<"address"> }>(
  "settings/remove-reply-to.njk",
);
const showProof = page<{ state: "asked" | "done" | "gone"; path: string }>("settings/reply-to-proof.njk");

const REPLY_TO = "/services/:sid/settings/reply-to";
const PROOF = "/reply-to/:vid/:token";
const reader = { permission: ["manage_service", "manage_api_keys"] } as const;
const who = { permission: "manage_service" } as const;

export const replyToRoutes: readonly Route[] = [
  route({ method: "GET", url: REPLY_TO, who: reader, handler: list }),
  route({ method: "GET", url: `${REPLY_TO}/add`, who, handler: askForNew }),
  route({ method: "POST", url: `${REPLY_TO}/add`, who, handler: (visit) => save(visit, undefined) }),
  route({ method: "GET", url: `${REPLY_TO}/:id`, who, handler: askForChange }),
  route({ method: "POST", url: `${REPLY_TO}/:id`, who, handler: (visit) => save(visit, getAddress(visit)) }),
  route({ method: "GET", url: `${REPLY_TO}/:id/remove`, who, handler: askToRemove }),
  route({ method: "POST", url: `${REPLY_TO}/:id/remove`, who, handler: remove }),
  // Whoever reads the mailbox need not have an account. It takes a press of the button: scanners of mail open links, too.
  route({
    method: "GET",
    url: PROOF,
    who: "anyone",
    handler: (visit) => showProof(visit, { state: "asked", path: visit.url }),
  }),
  route({ method: "POST", url: PROOF, who: "anyone", handler: prove }),
];

async function list(visit: ServiceVisit): Promise<Answer> {
  const { app, service, may } = visit;
  return showList(visit, {
    serviceId: service.id,
    addresses: service.replyToAddresses,
    waiting: await listWaitingReplyTos(app, service.id),
    mayChange: may("manage_service"),
  });
}

function askForNew(visit: ServiceVisit): Answer {
  return show(visit, undefined, formOf({ address: "", isDefault: "" }));
}

function askForChange(visit: ServiceVisit): Answer {
  const known = getAddress(visit);
  return show(visit, known, formOf({ address: known.address, isDefault: known.isDefault ? "yes" : "" }));
}

function show(visit: ServiceVisit, known: ReplyToAddress | undefined, form: Form<Field>): Answer {
  const { service } = visit;
  return showAddress(visit, { serviceId: service.id, known, form, isOnly: service.replyToAddresses.length === 1 });
}

async function save(visit: ServiceVisit, known: ReplyToAddress | undefined): Promise<Answer> {
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "address",
    act: async () => {
      const isSameAddress = known !== undefined && known.address === values.address.trim();
      return isSameAddress ? saveDefault(visit, known, values) : sendLink(visit, known, values);
    },
    showAgain: (form) => show(visit, known, form),
  });
}

async function saveDefault(visit: ServiceVisit, { id }: ReplyToAddress, values: Values<Field>): Promise<Answer> {
  const { app, service, text } = visit;
  if (values.isDefault === "yes") await makeReplyToDefault(app, actorOf(visit), { serviceId: service.id, id });
  return redirect(listOf(visit), { flash: text("settings.saved") });
}

async function sendLink(
  visit: ServiceVisit,
  known: ReplyToAddress | undefined,
  { address, isDefault }: Values<Field>,
): Promise<Answer> {
  const { app, people, service, text } = visit;
  const wish = { serviceId: service.id, address, isDefault: isDefault === "yes", replacesId: known?.id };
  await requestReplyTo({ ...app, sendVerification: replyToLinks(people, visit) }, actorOf(visit), wish);
  return redirect(listOf(visit), { flash: text("settings.replyTo.sent") });
}

function askToRemove(visit: ServiceVisit): Answer {
  const known = getAddress(visit);
  return showRemove(visit, { serviceId: visit.service.id, known, form: formOf({ address: known.address }) });
}

async function remove(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const known = getAddress(visit);
  return submit({
    values: { address: known.address },
    refusedAt: "address",
    act: async () => {
      await removeReplyTo(app, actorOf(visit), { serviceId: service.id, id: known.id });
      return redirect(listOf(visit), { flash: text("settings.replyTo.removed") });
    },
    showAgain: (form) => showRemove(visit, { serviceId: service.id, known, form }),
  });
}

async function prove(visit: Visit): Promise<Answer> {
  const { app, visitor, ipAddress: ip, params, url: path } = visit;
  const userId = visitor.kind === "signed-in" ? visitor.userId : undefined;
  try {
    await verifyReplyTo(app, { userId, ip }, { verificationId: idIn(visit, "vid"), token: params["token"] ?? "" });
    return showProof(visit, { state: "done", path });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ...showProof(visit, { state: "gone", path }), status: 404 };
  }
}

function getAddress(visit: ServiceVisit): ReplyToAddress {
  const id = idIn(visit, "id");
  const address = visit.service.replyToAddresses.find((one) => one.id === id);
  if (!address) throw new Refusal("not-found", "There is no such address");
  return address;
}

function listOf({ service }: ServiceVisit): string {
  return `/services/${service.id}/settings/reply-to`;
}
