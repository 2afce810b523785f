/** Ids in addresses: what cannot be one is not found, without asking the database. */
import { Refusal } from "../../../core/refusal.ts";
import type { Visit } from "./visit.ts";

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/** The id that a named part of the path, or of the query, is; undefined when there is none. */
export function asId(text: string | null | undefined): string | undefined {
  return text && UUID.test(text) ? text.toLowerCase() : undefined;
}

/** The id in the path. */
export function idIn({ params }: Pick<Visit, "params">, name: string): string {
  const id = asId(params[name]);
  if (id === undefined) throw new Refusal("not-found", "There is no such thing");
  return id;
}
