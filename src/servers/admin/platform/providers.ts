/** `/platform/providers`: who carries our messages, and how they are. */
import { Refusal } from "../../../core/refusal.ts";
import { switchProvider } from "../../../flow/platform/change-providers.ts";
import { listProviderHealth, type ProviderHealth } from "../../../flow/platform/provider-health.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { type CircuitWords, circuitWords } from "./circuit-words.ts";

const LIST_URL = "/platform/providers";
const SWITCH_URL = `${LIST_URL}/:id/switch`;

interface Shown {
  provider: ProviderHealth;
  stateText: string;
  channelText: string;
  circuit: CircuitWords;
  problems: readonly { words: string; attempts: number }[];
  failedShare: number;
}

const showProviders = page<{ providers: readonly Shown[] }>("platform/providers.njk");
const showSwitch = page<{ form: Form<"reason">; provider: ProviderHealth }>("platform/switch.njk");

export const platformProviderRoutes: readonly Route[] = [
  route({ method: "GET", url: LIST_URL, who: "platform-admin", handler: listProviders }),
  route({ method: "GET", url: SWITCH_URL, who: "platform-admin", handler: openSwitch }),
  route({ method: "POST", url: SWITCH_URL, who: "platform-admin", handler: setSwitch }),
];

async function listProviders(visit: UserVisit): Promise<Answer> {
  const providers = await listProviderHealth(visit.app);
  return showProviders(visit, { providers: providers.map((provider) => shownProvider(visit, provider)) });
}

function shownProvider(visit: UserVisit, provider: ProviderHealth): Shown {
  const { text } = visit;
  const { counts } = provider;
  return {
    provider,
    stateText: text(`platformProviders.state.${provider.state}`),
    channelText: text(`platformProviders.channel.${provider.channel}`),
    circuit: circuitWords(visit, provider.circuit),
    problems: provider.problems.map(({ kind, code, attempts }) => {
      return { words: [text(`platformProviders.problem.${kind}`), code].filter(Boolean).join(": "), attempts };
    }),
    failedShare: counts && counts.messages > 0 ? counts.failed / counts.messages : 0,
  };
}

async function getProvider(visit: UserVisit): Promise<ProviderHealth> {
  const id = idIn(visit, "id");
  const provider = (await listProviderHealth(visit.app)).find((one) => one.id === id);
  if (!provider) throw new Refusal("not-found", "There is no such provider");
  return provider;
}

async function openSwitch(visit: UserVisit): Promise<Answer> {
  return showSwitch(visit, { form: formOf({ reason: "" }), provider: await getProvider(visit) });
}

/** The form says what it was made to do: sent twice it does it once. */
async function setSwitch(visit: UserVisit): Promise<Answer> {
  const provider = await getProvider(visit);
  const values = readFields(visit, ["reason"]);
  const { state } = readFields(visit, ["state"]);
  if (state !== "on" && state !== "off") throw new Refusal("bad-request", "Choose on or off");
  return submit({
    values,
    refusedAt: "reason",
    act: async () => {
      const change = { providerId: provider.id, isActive: state === "on", reason: values.reason };
      await switchProvider(visit.app, actorOf(visit), change);
      return redirect(LIST_URL, { flash: visit.text(`platformProviders.switched.${state}`, { name: provider.name }) });
    },
    showAgain: (form) => showSwitch(visit, { form, provider }),
  });
}
