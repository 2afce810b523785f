/**
 * The provider for every supplier that takes texts over HTTP: the supplier is data, this carries it out.
 *
 *     const provider = httpProvider({ outbound, clock }, { name: "messente", supplier: HTTP_PRESETS.messente, settings });
 */
import type { Clock } from "../../platform/clock.ts";
import type { Outbound } from "../../platform/http.ts";
import type { HttpReports, Outcome, SmsProvider, TextMessage } from "../provider.ts";
import { checkSupplier } from "./check-supplier.ts";
import { fillRequest, fillText, messageFields } from "./fill.ts";
import { readAnswer } from "./read-answer.ts";
import { readInbound, readReceipts } from "./read-reports.ts";

const REQUEST_TIMEOUT_MS = 10_000;
const ANSWER_MAX_BYTES = 64 * 1024;
const WINDOW_SIZE = 32;

export interface HttpProviderOptions {
  name: string;
  /** An `HttpSupplier`; one from outside our own code is checked here. */
  supplier: unknown;
  /** Values for the settings the supplier names. */
  settings: Record<string, string>;
  /** Messages on their way at once. */
  windowSize?: number;
  /** How long one answer is waited for; ten seconds when left out. */
  timeoutMs?: number;
}

/** Throws an error that names the provider and the wrong place when the supplier or a setting is not as it must be. */
export function httpProvider(
  around: { outbound: Outbound; clock: Clock },
  options: HttpProviderOptions,
): SmsProvider & HttpReports {
  const { supplier, settings } = checked(options);
  const windowSize = options.windowSize ?? WINDOW_SIZE;
  const underWay = new Set<Promise<Outcome>>();
  let isStarted = false;

  const hand = async (message: TextMessage): Promise<Outcome> => {
    const { method, answer: rule, validityMaxSeconds } = supplier.send;
    const fields = { ...settings, ...messageFields(message, around.clock.now(), validityMaxSeconds) };
    const { url, ...call } = fillRequest(supplier.send, fields);
    const limits = { timeoutMs: options.timeoutMs ?? REQUEST_TIMEOUT_MS, maxBytes: ANSWER_MAX_BYTES };
    const answer = await around.outbound.request(url, { method, ...call, ...limits });
    return readAnswer(rule, answer, message.notificationId);
  };

  const signatureKey = supplier.inbound?.signature?.key;
  return {
    name: options.name,
    inboundIsSigned: signatureKey !== undefined && fillText(signatureKey, settings) !== "",
    start: async (events) => {
      isStarted = true;
      events.availability(true, "ready");
    },
    stop: async () => {
      isStarted = false;
      await Promise.all(underWay); // each ends within the request's timeout
    },
    capacity: () => (isStarted ? Math.max(0, windowSize - underWay.size) : 0),
    send: (message) => {
      const outcome = hand(message).finally(() => underWay.delete(outcome));
      underWay.add(outcome);
      return outcome;
    },
    parseReceipts: (request) => readReceipts(supplier, settings, request),
    parseInbound: (request) => readInbound(supplier, settings, request),
  };
}

function checked({ name, supplier, settings }: HttpProviderOptions): ReturnType<typeof checkSupplier> {
  try {
    return checkSupplier(supplier, settings);
  } catch (error) {
    throw new Error(`Provider "${name}": ${error instanceof Error ? error.message : String(error)}`);
  }
}
