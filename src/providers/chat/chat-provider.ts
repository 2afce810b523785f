/**
 * The provider for every chat app: what differs between them is a `ChatSupplier`, this carries it out.
 *
 *     const provider = chatProvider({ outbound, clock, log }, { name: "whatsapp", supplier: whatsapp(settings) });
 */
import type { Clock } from "../../platform/clock.ts";
import type { Answer, Outbound } from "../../platform/http.ts";
import type { Log } from "../../platform/log.ts";
import type { ChatMessage, ChatProvider, Outcome } from "../provider.ts";
import type { ChatCall, ChatSupplier } from "./chat-supplier.ts";
import { AppRest, type Throttled } from "./throttling.ts";

const REQUEST_TIMEOUT_MS = 10_000;
const ANSWER_MAX_BYTES = 64 * 1024;
const WINDOW_SIZE = 32;
/** After which an app that could not be told where to report is told again. */
const WEBHOOK_AGAIN_MS = 60_000;

export interface ChatProviderOptions {
  name: string;
  supplier: ChatSupplier;
  /** Where the app is to report; undefined: we do not know where we are reached. */
  webhookUrl?: string | undefined;
  /** Messages on their way at once. */
  windowSize?: number | undefined;
  timeoutMs?: number | undefined;
}

interface Around {
  outbound: Outbound;
  clock: Clock;
  log: Log;
}

export function chatProvider(around: Around, options: ChatProviderOptions): ChatProvider {
  const { name, supplier, windowSize = WINDOW_SIZE } = options;
  const underWay = new Set<Promise<unknown>>();
  const timer: { again?: NodeJS.Timeout } = {};
  const rest = new AppRest();
  let isStarted = false;

  const announce = async (): Promise<void> => {
    if ((await tellWebhook(around, options)) || !isStarted) return;
    around.log.warn("provider.webhook-not-set", { provider: name });
    timer.again = setTimeout(() => track(announce()), WEBHOOK_AGAIN_MS);
  };
  const track = <Result>(work: Promise<Result>): Promise<Result> => {
    const tracked = work.finally(() => underWay.delete(tracked));
    underWay.add(tracked);
    return tracked;
  };
  return {
    name,
    apps: supplier.apps,
    start: async (events) => {
      isStarted = true;
      events.availability(true, "ready");
      void track(announce());
    },
    stop: async () => {
      isStarted = false;
      clearTimeout(timer.again);
      await Promise.all(underWay); // each ends within the request's timeout
    },
    capacity: () => (isStarted && !rest.isOn(performance.now()) ? Math.max(0, windowSize - underWay.size) : 0),
    send: (message) => track(send(around, options, message).then((said) => obey(rest, said))),
  };
}

/** Nothing more is handed over until the app is to be called again: meanwhile other routes take what comes. */
function obey(rest: AppRest, said: Outcome | Throttled): Outcome {
  if (said.kind === "accepted") rest.shorten();
  if (said.kind !== "throttled") return said;
  const { reason, code, afterMs } = said;
  const retryAfterMs = rest.begin(performance.now(), afterMs);
  return { kind: "unavailable", reason, retryAfterMs, ...(code === undefined ? {} : { code }) };
}

async function send(around: Around, options: ChatProviderOptions, message: ChatMessage): Promise<Outcome | Throttled> {
  const { supplier } = options;
  const call = supplier.compose(message, around.clock.now());
  if ("kind" in call) return call;
  const answer = await request(around, options, call);
  if (answer.kind === "answered") return supplier.readAnswer(answer, message);
  return outcomeOfSilence(answer, supplier);
}

function request({ outbound }: Around, { timeoutMs }: ChatProviderOptions, call: ChatCall): Promise<Answer> {
  const limits = { timeoutMs: timeoutMs ?? REQUEST_TIMEOUT_MS, maxBytes: ANSWER_MAX_BYTES };
  return outbound.post(call.url, call.body, { headers: call.headers, ...limits });
}

function outcomeOfSilence(answer: Exclude<Answer, { kind: "answered" }>, supplier: ChatSupplier): Outcome {
  switch (answer.kind) {
    case "timeout":
      return {
        kind: "unavailable",
        reason: "no answer in time; the app may have the message",
        code: "timeout",
        mayHaveBeenSent: true,
      };
    case "unreachable": {
      const dueTo = supplier.isAddressedByRecipient ? ({ dueTo: "message" } as const) : {};
      return { kind: "unavailable", reason: answer.reason, code: "unreachable", ...dueTo };
    }
    case "refused-address": {
      const refused = { reason: `the address may not be called: ${answer.reason}`, code: "refused-address" };
      return supplier.isAddressedByRecipient
        ? { kind: "refused", dueTo: "message", ...refused }
        : { kind: "unavailable", ...refused };
    }
  }
}

/** Also true where there is nothing to tell. */
async function tellWebhook(around: Around, options: ChatProviderOptions): Promise<boolean> {
  const { supplier, webhookUrl } = options;
  if (!supplier.webhook || webhookUrl === undefined) return true;
  const answer = await request(around, options, supplier.webhook.compose(webhookUrl));
  return answer.kind === "answered" && supplier.webhook.isSet(answer);
}
