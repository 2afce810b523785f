/**
 * Sends what Pennypost itself has to say to its people, the way every other message goes: accepted, sealed, queued, dispatched.
 *
 *     await post.send({ kind: "sign-in-code", to: user.mobileNumber, values: { code }, validForMs: CODE_VALID_MS });
 */
import { createHash } from "node:crypto";
import type { TypedChannel } from "../../core/channels/channels.ts";
import { parseEmailAddress } from "../../core/email/parse-email-address.ts";
import { parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import { Refusal } from "../../core/refusal.ts";
import { errorFields } from "../../platform/log.ts";
import type { Service } from "../../records/services/service.ts";
import { accept, type Intake } from "../intake/accept.ts";
import type { Recipient } from "../intake/send-request.ts";
import { SYSTEM_TEMPLATES, type SystemMessageKind } from "./system-messages.ts";
import { ensureSystemService } from "./system-service.ts";

const MS_PER_SECOND = 1_000;
/** Codes and amounts of money lead nowhere, and have to stay as they are: "108", "£10.80", "SEK 1,250". */
const NUMBER = /^-?[A-Z]{0,3}\p{Sc}?\s?\d[\d,]*(\.\d+)?$/u;

export interface SystemMessage {
  kind: SystemMessageKind;
  /** A number or an address, by the template's channel. */
  to: string;
  values: Record<string, string>;
  /** After this it is of no use, and is not sent any more. */
  validForMs?: number;
  /** What has this name is sent to the same person once, however often it is tried within 24 hours. */
  onceAs?: string;
}

export interface SystemPost {
  /** Makes the service and its templates where they are missing. */
  prepare(): Promise<void>;
  /** Resolves when the message is durable. Throws a `Refusal` where nothing can be sent there. */
  send(message: SystemMessage): Promise<void>;
  /**
   * Does the work later, and tells nobody how it went but the log: where how long an answer takes must not tell whether there is
   * such an account.
   */
  later(work: () => Promise<void>): void;
  /** Resolves when nothing is left to be done later. */
  idle(): Promise<void>;
}

export function createSystemPost(intake: Intake): SystemPost {
  const state: { serviceId: Promise<string> | undefined } = { serviceId: undefined };
  const underWay = new Set<Promise<void>>();
  const serviceId = (): Promise<string> => {
    state.serviceId ??= ensureSystemService(intake.db, intake.keys).catch((error: unknown) => {
      state.serviceId = undefined; // The next message tries again.
      throw error;
    });
    return state.serviceId;
  };
  return {
    prepare: async () => {
      await serviceId();
    },
    send: async (message) => {
      const service = await intake.services.find(await serviceId());
      if (!service) throw new Error("the internal service is missing");
      await accept(intake, requestOf(service, message));
    },
    later: (work) => {
      const running = work()
        .catch((error: unknown) => intake.log.error("people.later-failed", errorFields(error)))
        .finally(() => underWay.delete(running));
      underWay.add(running);
    },
    idle: async () => {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}

function requestOf(service: Service, message: SystemMessage): Parameters<typeof accept>[1] {
  const template = SYSTEM_TEMPLATES[message.kind];
  const key = service.keys.find(({ kind, revokedAt }) => kind === "live" && revokedAt === undefined);
  if (!key) throw new Error("the internal service has no key");
  const { validForMs } = message;
  return {
    service,
    key,
    recipient: recipientOf(template.channel, message.to),
    templateId: template.id,
    personalisation: message.values,
    files: undefined,
    // A text has no markdown, and would show what makes it harmless.
    sanitiseContentFor: template.channel === "email" ? namesOfWords(message.values) : [],
    reference: undefined,
    senderId: undefined,
    oneClickUnsubscribeUrl: undefined,
    priority: "high",
    scheduledFor: undefined,
    validForSeconds: validForMs === undefined ? undefined : Math.ceil(validForMs / MS_PER_SECOND),
    callbackUrl: undefined,
    isFlash: false,
    idempotency: idempotencyOf(message),
  };
}

function idempotencyOf({ onceAs, to }: SystemMessage): Parameters<typeof accept>[1]["idempotency"] {
  if (onceAs === undefined) return undefined;
  const keyHash = createHash("sha256").update(`${onceAs} ${to}`).digest();
  return { keyHash, bodyHash: keyHash };
}

/** Everything but our links and numbers: a link that somebody put into their name must not be one in our email. */
function namesOfWords(values: Record<string, string>): string[] {
  const isWords = ([name, value]: [string, string]) => !name.endsWith("link") && !NUMBER.test(value);
  return Object.entries(values)
    .filter(isWords)
    .map(([name]) => name);
}

function recipientOf(channel: TypedChannel, to: string): Recipient {
  if (channel === "email") {
    const address = parseEmailAddress(to);
    if (typeof address === "object") return { channel, address };
    throw new Refusal("invalid", "The email address is not one we can write to");
  }
  const number = parsePhoneNumber(to);
  if (typeof number === "object") return { channel, number };
  throw new Refusal("invalid-phone", "The mobile number is not one we can text");
}
