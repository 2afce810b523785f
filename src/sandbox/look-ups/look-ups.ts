/**
 * Networks to play with: says of a number what networks say, by its last digits, so that look-ups and what routes make of them can be tried
 * without a contract with anybody.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { errorFields, type Log } from "../../platform/log.ts";
import { failureOf } from "../fates.ts";
import { answerEmpty, readBody } from "../http-desk.ts";

const LOOK_UPS_PATH = "/look-ups";
const BODY_MAX_BYTES = 4 * 1024;
const DIGITS = /^\d{6,15}$/;

/** Of the range that is reserved for tests (ITU-T E.212), so that no price and no route of a real network is met by accident. */
const HOME_NETWORK = "00101";
const OTHER_NETWORK = "00102";
const NETWORK_ABROAD = "99901";

const ROAMING_SUFFIX = "7700900004";
const PORTED_SUFFIX = "7700900005";
const UNKNOWN_SUFFIX = "7700900006";
const NO_ANSWER_SUFFIX = "7700900007";

export interface LookUps {
  /** Whether a request was for them. */
  take(request: IncomingMessage, response: ServerResponse): boolean;
}

/** `token` comes with every question. */
export function createLookUps({ token, log }: { token: string; log: Log }): LookUps {
  return {
    take: (request, response) => {
      if (request.url !== LOOK_UPS_PATH) return false;
      answer(token, request, response).catch((error) => {
        log.warn("sandbox.look-up-failed", errorFields(error));
        answerEmpty(response, 500);
      });
      return true;
    },
  };
}

async function answer(token: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== "POST") return answerEmpty(response, 405);
  if (!isSame(`Bearer ${token}`, request.headers.authorization ?? "")) return answerEmpty(response, 401);
  const body = await readBody(request, BODY_MAX_BYTES);
  const number = body === undefined ? undefined : numberIn(body);
  if (number === undefined) return answerEmpty(response, 400);
  if (number.endsWith(NO_ANSWER_SUFFIX)) return answerEmpty(response, 503);
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(factsOf(number)));
}

function isSame(expected: string, given: string): boolean {
  const [one, other] = [expected, given].map((text) => createHash("sha256").update(text).digest());
  return one !== undefined && other !== undefined && timingSafeEqual(one, other);
}

function numberIn(body: string): string | undefined {
  try {
    const { number } = JSON.parse(body) as { number?: unknown };
    return typeof number === "string" && DIGITS.test(number) ? number : undefined;
  } catch {
    return undefined;
  }
}

/** Numbers whose texts fail are nobody's, or switched off.  factsOf("447700900004") → { status: "ON", roaming: true, … } */
function factsOf(number: string): Record<string, string | boolean> {
  const failure = failureOf(number);
  if (failure === "permanent") return { status: "INVALID" };
  if (number.endsWith(UNKNOWN_SUFFIX)) return { status: "UNKNOWN" };
  const [isRoaming, isPorted] = [number.endsWith(ROAMING_SUFFIX), number.endsWith(PORTED_SUFFIX)];
  return {
    status: failure === "temporary" ? "OFF" : "ON",
    roaming: isRoaming,
    ported: isPorted,
    original: HOME_NETWORK,
    current: isPorted ? OTHER_NETWORK : HOME_NETWORK,
    ...(isPorted ? { ported_to: OTHER_NETWORK } : {}),
    ...(isRoaming ? { roaming_in: NETWORK_ABROAD } : {}),
  };
}
