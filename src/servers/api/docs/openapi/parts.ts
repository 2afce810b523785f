/** Building blocks that operations share. */
import type { MediaType, Operation, Parameter, Response, Schema } from "./types.ts";

export const EXAMPLE_ID = "01a20440-7f11-7b2e-9d53-0f4d9c1b7c55";
export const EXAMPLE_TEMPLATE_ID = "f33517ff-2a88-4f6e-b855-c550268ce08a";

/** An error as it can come: its name, which programs go by, and its message, which people read. */
export type ErrorExample = readonly [status: number, error: string, message: string];

export function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

export function orNull(type: string, more: Omit<Schema, "type"> = {}): Schema {
  return { ...more, type: [type, "null"] };
}

export function jsonBody(schema: Schema, example?: unknown): Readonly<Record<string, MediaType>> {
  return {
    "application/json": { schema, ...(example === undefined ? {} : { examples: { example: { value: example } } }) },
  };
}

export function pathId(description: string): Parameter {
  return { name: "id", in: "path", required: true, description, schema: { type: "string", format: "uuid" } };
}

export function olderThan(what: string): Parameter {
  const description = `The id of ${what}: only those that came before it are listed. Take it from \`links.next\`.`;
  return { name: "older_than", in: "query", description, schema: { type: "string", format: "uuid" } };
}

/** What every request with a token can be refused with. */
const ALWAYS: readonly ErrorExample[] = [
  [401, "AuthError", "Unauthorized: authentication token must be provided"],
  [403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds"],
  [403, "AuthError", "Invalid token: API key not found"],
  [503, "ServiceUnavailable", "Pennypost cannot take this at the moment; try again"],
];

/** The answers of an operation: the one it is asked for, and its refusals by status. */
export function responses(
  success: Readonly<Record<string, Response>>,
  refusals: readonly ErrorExample[],
): Operation["responses"] {
  const statuses = [...new Set([...refusals, ...ALWAYS].map(([status]) => status))].sort((a, b) => a - b);
  const refused = statuses.map((status) => [String(status), refusal(status, [...refusals, ...ALWAYS])] as const);
  return { ...success, ...Object.fromEntries(refused) };
}

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: "The request cannot be carried out as it is. Change it before you send it again.",
  401: "The request does not say who is asking.",
  403: "The token is not good, or the key may not do this.",
  404: "There is no such thing, or it belongs to another service.",
  409: "The Idempotency-Key belongs to another request.",
  413: "The request is larger than any request needs to be.",
  429: "A limit is reached. Send it again later.",
  503: "We are away for a moment. Send it again after the seconds that `Retry-After` says; nothing was done.",
};

function refusal(status: number, all: readonly ErrorExample[]): Response {
  const examples = all
    .filter(([itsStatus]) => itsStatus === status)
    .map(([, error, message], index) => [
      `${error}-${index + 1}`,
      { value: { status_code: status, errors: [{ error, message }] } },
    ]);
  return {
    description: DESCRIPTIONS[status] ?? "Refused.",
    content: { "application/json": { schema: ref("Errors"), examples: Object.fromEntries(examples) } },
  };
}
