/** Ids in addresses. */
import { Refusal } from "../../../core/refusal.ts";
import type { Visit } from "./visit.ts";

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

function isId(text: string): boolean {
  return UUID.test(text);
}

/** A named part of the path that is an id, in the spelling that ids are kept in. What is none names nothing that there is. */
export function pathId({ params }: Pick<Visit, "params">, name: string): string {
  const text = params[name] ?? "";
  if (!isId(text)) throw new Refusal("not-found", "There is nothing of that id");
  return text.toLowerCase();
}

/** An id in the query or a form; undefined for what is none. */
export function idOrNone(text: string | null | undefined): string | undefined {
  return text && isId(text) ? text.toLowerCase() : undefined;
}
