/** What programs ask about a file, as they ask Notify's file service; refusals are `{"error": …}` in its words. */
import type { FastifyRequest } from "fastify";
import { parseEmailAddress } from "../../core/email/parse-email-address.ts";
import { isJsonObject } from "../../core/json/json-value.ts";
import { parseJsonBody } from "../../core/json/parse-json-body.ts";
import { confirmReader } from "../../flow/files/confirm-reader.ts";
import { parseKey } from "../../flow/files/document-link.ts";
import { type DocumentFound, followFileLink } from "../../flow/files/read-document.ts";
import { jsonAnswer, type PlainAnswer } from "../plain-answer.ts";
import { type Documents, documentsOrigin, fileUrl, idsOfFile, keyTextOf } from "./document-request.ts";

/** What is true of a file now is true for half an hour, as at Notify. */
const CHECK_CACHE = { "Cache-Control": "private, max-age=1800" };

const CLOSED: Readonly<Record<Exclude<DocumentFound["kind"], "open">, readonly [status: number, error: string]>> = {
  missing: [404, "The requested document could not be found"],
  "wrong-key": [400, "Invalid decryption key"],
  blocked: [403, "Access to the document has been blocked"],
  expired: [410, "The document is no longer available"],
};

function refusal(status: number, error: string, headers: Record<string, string> = {}): PlainAnswer {
  return jsonAnswer(status, { error }, headers);
}

/** GET …/check: what is behind a link. */
export async function answerCheck(app: Documents, request: FastifyRequest): Promise<PlainAnswer> {
  const ids = idsOfFile(request);
  if (!ids) return refusal(...CLOSED.missing);
  const keyText = keyTextOf(request);
  if (keyText === "") return refusal(400, "Missing decryption key");
  const found = await followFileLink(app, { ...ids, key: parseKey(keyText) });
  if (found.kind !== "open") return refusal(...CLOSED[found.kind]);
  const { document, details } = found;
  const shown = {
    direct_file_url: fileUrl(documentsOrigin(app, request), ids, found),
    confirm_email: document.recipientHash !== undefined,
    size_in_bytes: details.size,
    file_extension: details.extension,
    filename: details.filename ?? null,
    available_until: document.availableUntil,
  };
  return jsonAnswer(200, { document: shown }, CHECK_CACHE);
}

/** POST …/authenticate: the recipient's address against what is to be shown with requests for the file. */
export async function answerAuthentication(app: Documents, request: FastifyRequest): Promise<PlainAnswer> {
  const ids = idsOfFile(request);
  if (!ids) return refusal(...CLOSED.missing);
  const { key: keyText, email_address: addressText } = bodyOf(request);
  if (!keyText) return refusal(400, "Missing decryption key");
  if (!addressText) return refusal(400, "No email address");
  const key = typeof keyText === "string" ? parseKey(keyText) : undefined;
  if (!key) return refusal(...CLOSED["wrong-key"]);
  const address = typeof addressText === "string" ? parseEmailAddress(addressText) : "invalid-email";
  if (typeof address === "string") return refusal(400, "Invalid email address");
  const found = await followFileLink(app, { ...ids, key });
  if (found.kind === "wrong-key") return refusal(...CLOSED["wrong-key"]);
  if (found.kind !== "open") return failed();
  const confirmation = await confirmReader(app, found, address);
  if (confirmation.kind === "too-many-tries") {
    return refusal(429, "Too many requests", { "Retry-After": String(confirmation.retryAfterSeconds) });
  }
  if (confirmation.kind !== "confirmed") return failed();
  return jsonAnswer(200, {
    signed_data: confirmation.signedData,
    direct_file_url: fileUrl(documentsOrigin(app, request), ids, found),
  });
}

/** The same whether the address is another, or nothing is to be had with any. */
function failed(): PlainAnswer {
  return refusal(403, "Authentication failure");
}

function bodyOf({ body }: FastifyRequest): Record<string, unknown> {
  const json = Buffer.isBuffer(body) ? parseJsonBody(body) : undefined;
  return isJsonObject(json) ? json : {};
}
