/** POST /services/{id}/documents: a file by itself, as Notify's file service takes it; its refusals are `{"error": …}`. */
import { type EmailAddress, parseEmailAddress } from "../../../core/email/parse-email-address.ts";
import { isJsonObject, type JsonValue } from "../../../core/json/json-value.ts";
import { parseJsonBody } from "../../../core/json/parse-json-body.ts";
import { Refusal } from "../../../core/refusal.ts";
import { filePath, linkWithKey, linkWithoutKey } from "../../../flow/files/document-link.ts";
import type { SealedFile } from "../../../flow/files/keep-file.ts";
import { type Upload, uploadDocument } from "../../../flow/files/upload-document.ts";
import { type Answer, json } from "../http/answer.ts";
import { type Call, originsOf, pathParameter } from "../http/call.ts";
import { readBody } from "../http/read-body.ts";
import { checkFileObject } from "../schema/file-object.ts";
import { parseUuid } from "../schema/uuid.ts";

/** A file of two megabytes in base64, and the rest. */
const BODY_MAX_BYTES = 3 * 1024 * 1024;

export async function postDocument(call: Call): Promise<Answer> {
  const { api, service, key, request } = call;
  if (parseUuid(pathParameter(call, "sid")) !== service.id)
    throw new Refusal("forbidden", "This key is another service's");
  await api.intake.rateLimit.take(service, key.kind);
  const body = parseJsonBody(await readBody(request.raw, BODY_MAX_BYTES));
  try {
    return presentUpload(call, await uploadDocument(api.intake, service, readUpload(body)));
  } catch (error) {
    if (error instanceof Refusal && error.kind === "bad-request") return json(400, { error: error.message });
    throw error;
  }
}

function readUpload(body: JsonValue | undefined): Upload {
  if (!isJsonObject(body)) throw new Refusal("bad-request", "Invalid JSON supplied in POST data");
  const { document, confirmation_email: recipient, ...fields } = body;
  if (typeof document !== "string") throw new Refusal("bad-request", "No document upload");
  const checked = checkFileObject({ ...fields, file: document });
  if (checked.kind === "invalid") throw new Refusal("bad-request", checked.messages.join("; "));
  const { content, filename, isCsv, retentionWeeks } = checked.value;
  return {
    base64: content,
    filename: filename ?? undefined,
    isCsv: isCsv ?? false,
    recipient: recipient === undefined || recipient === null ? undefined : readRecipient(recipient),
    weeks: retentionWeeks ?? undefined,
  };
}

function readRecipient(value: JsonValue): EmailAddress {
  const address = typeof value === "string" ? parseEmailAddress(value) : "invalid-email";
  if (typeof address === "string") throw new Refusal("bad-request", "Invalid email address");
  return address;
}

function presentUpload(call: Call, { document, details, key }: SealedFile): Answer {
  const { documents } = originsOf(call);
  return json(201, {
    status: "ok",
    document: {
      id: document.id,
      direct_file_url: linkWithKey(`${documents}${filePath(document)}.${details.extension}`, key),
      url: linkWithKey(linkWithoutKey(documents, document), key),
      mimetype: details.mimeType,
    },
  });
}
