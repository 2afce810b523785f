/** `/services/:sid/developers/callbacks/:eid`: one address that a service is told at: what of, tried out, resumed, removed. */
import {
  getEndpoint,
  removeCallback,
  resumeEndpoint,
  saveCallback,
  type TestedCallback,
  testCallback,
} from "../../../flow/keys/callbacks.ts";
import { CALLBACK_KINDS, type Callback, type CallbackKind } from "../../../records/services/service.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, readList, submit } from "../http/form.ts";
import { asId, idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { CALLBACKS, callbacksOf, kindsOffered, MANAGES_KEYS as who } from "./callback-paths.ts";

const FIELDS = ["kinds", "url", "bearerToken", "renewsSecret"] as const;
type Field = (typeof FIELDS)[number];

/** As the macros for boxes and radios take it. */
interface KindItem {
  value: CallbackKind;
  text: string;
  hint: { text: string };
  checked: boolean;
}

interface EndpointPage {
  title: string;
  base: string;
  path: string;
  kinds: readonly KindItem[];
  /** What a test may be of. */
  tests: readonly { value: CallbackKind; text: string }[];
  /** Undefined for a new one. */
  endpoint: Pick<Callback, "url" | "pausedAt"> | undefined;
  form: Form<Field>;
}

const showEndpoint = page<EndpointPage>("developers/endpoint.njk");
const showSecret = page<{ serviceId: string; signingSecret: string }>("developers/callback-secret.njk");
const showTest = page<{ base: string; path: string; kind: CallbackKind; url: string; words: string; isTaken: boolean }>(
  "developers/callback-test.njk",
);
const showRemove = page<{ base: string; path: string; url: string }>("developers/remove-callback.njk");

export const endpointRoutes: readonly Route[] = [
  route({ method: "GET", url: `${CALLBACKS}/new`, who, handler: (visit) => askFor(visit, undefined) }),
  route({ method: "POST", url: `${CALLBACKS}/new`, who, handler: (visit) => save(visit, undefined) }),
  route({ method: "GET", url: `${CALLBACKS}/:eid`, who, handler: (visit) => askFor(visit, endpointIn(visit)) }),
  route({ method: "POST", url: `${CALLBACKS}/:eid`, who, handler: (visit) => save(visit, endpointIn(visit)) }),
  route({ method: "POST", url: `${CALLBACKS}/:eid/test`, who, handler: test }),
  route({ method: "POST", url: `${CALLBACKS}/:eid/resumption`, who, handler: resume }),
  route({ method: "GET", url: `${CALLBACKS}/:eid/remove`, who, handler: askToRemove }),
  route({ method: "POST", url: `${CALLBACKS}/:eid/remove`, who, handler: remove }),
];

function endpointIn(visit: ServiceVisit): Callback {
  return getEndpoint(visit.service, idIn(visit, "eid"));
}

function pathOf(visit: ServiceVisit, endpoint: Callback | undefined): string {
  return `${callbacksOf(visit)}/${endpoint?.endpointId ?? "new"}`;
}

function askFor(visit: ServiceVisit, endpoint: Callback | undefined): Answer {
  const values = { kinds: "", url: endpoint?.url ?? "", bearerToken: "", renewsSecret: "" };
  const chosen = endpoint?.kinds ?? kindsOffered(visit.service, []).slice(0, 1);
  return show(visit, { endpoint, chosen, form: formOf<Field>(values) });
}

interface Shown {
  endpoint: Callback | undefined;
  chosen: readonly CallbackKind[];
  form: Form<Field>;
}

function show(visit: ServiceVisit, { endpoint, chosen, form }: Shown): Answer {
  const { text, service } = visit;
  return showEndpoint(visit, {
    title: text(endpoint ? "developers.endpoint.title" : "developers.endpoint.new"),
    ...{ base: callbacksOf(visit), path: pathOf(visit, endpoint), endpoint, form },
    kinds: kindsOffered(service, chosen).map((value) => ({
      value,
      text: text(`developers.callback.${value}`),
      hint: { text: text(`developers.callback.${value}.hint`) },
      checked: chosen.includes(value),
    })),
    tests: (endpoint?.kinds ?? []).map((value) => ({ value, text: text(`developers.callback.${value}`) })),
  });
}

async function save(visit: ServiceVisit, endpoint: Callback | undefined): Promise<Answer> {
  const { app, service, text } = visit;
  const values = readFields(visit, FIELDS);
  const ticked = readList(visit, "kinds");
  const kinds = CALLBACK_KINDS.filter((kind) => ticked.includes(kind));
  return submit({
    values,
    refusedAt: "url",
    act: async () => {
      const form = {
        ...{ endpointId: endpoint?.endpointId, kinds, url: values.url },
        bearerToken: values.bearerToken.trim() || undefined,
        renewsSecret: values.renewsSecret === "yes",
      };
      const { signingSecret } = await saveCallback(app, actorOf(visit), { service, form });
      // In the answer to the form itself: the secret is in no address, and cannot be fetched again.
      if (signingSecret !== undefined) return showSecret(visit, { serviceId: service.id, signingSecret });
      return redirect(callbacksOf(visit), { flash: text("developers.callbacks.saved") });
    },
    // What was typed as a token is not sent back.
    showAgain: (form) =>
      show(visit, { endpoint, chosen: kinds, form: { ...form, values: { ...form.values, bearerToken: "" } } }),
  });
}

async function test(visit: ServiceVisit): Promise<Answer> {
  const { app, admin, service } = visit;
  const endpoint = service.callbacks.find(({ endpointId }) => endpointId === asId(visit.params["eid"]));
  if (!endpoint) return redirect(callbacksOf(visit));
  const { endpointId, url, kinds } = endpoint;
  const wanted = readFields(visit, ["kind"]).kind;
  const kind = kinds.find((one) => one === wanted) ?? kinds[0] ?? "delivery-receipt";
  const outbound = { ...app, outbound: admin.outbound };
  const tested = await testCallback(outbound, actorOf(visit), { service, endpointId, kind });
  const isTaken = tested.kind === "answered" && tested.isTaken;
  const shown = { base: callbacksOf(visit), path: pathOf(visit, endpoint), kind, url };
  return showTest(visit, { ...shown, words: wordsFor(visit, tested), isTaken });
}

function wordsFor({ text }: ServiceVisit, tested: TestedCallback): string {
  if (tested.kind === "not-reached") return text("developers.test.notReached", { problem: tested.problem });
  const { isTaken, status, durationMs: ms } = tested;
  return text(isTaken ? "developers.test.taken" : "developers.test.refused", { status, ms });
}

async function resume(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  await resumeEndpoint(app, actorOf(visit), { service, endpointId: idIn(visit, "eid") });
  return redirect(callbacksOf(visit), { flash: text("developers.endpoint.resumed") });
}

function askToRemove(visit: ServiceVisit): Answer {
  const endpoint = endpointIn(visit);
  return showRemove(visit, { base: callbacksOf(visit), path: pathOf(visit, endpoint), url: endpoint.url });
}

async function remove(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  await removeCallback(app, actorOf(visit), { service, endpointId: idIn(visit, "eid") });
  return redirect(callbacksOf(visit), { flash: text("developers.callbacks.removed") });
}
