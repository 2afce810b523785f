/** Rules for what people and their services may be called. */
import type { FieldProblem } from "../form-refusal.ts";

const NAME_MAX_CHARACTERS = 255;
/** So that the address that its emails come from fits (RFC 5321 §4.5.3.1). */
const SERVICE_NAME_MAX_CHARACTERS = 143;
const SERVICE_NAME_MIN_ALPHANUMERICS = 2;

/** A name goes into emails to others: no way to have Pennypost send them a link. */
const URL_LIKE = /https?:|www\.|:\/\/|\p{L}{2}\.\p{L}{2,}(?:\/|\b(?!\.))/iu;

const CONTROL = /\p{Cc}/u;

/** What is wrong with a person's name. Field: `name`. */
export function personNameProblem(name: string): FieldProblem | undefined {
  if (name.trim() === "") return problem("name-missing", "Enter a name");
  if (name.length > NAME_MAX_CHARACTERS)
    return problem("name-long", `Name must be ${NAME_MAX_CHARACTERS} characters or fewer`);
  if (CONTROL.test(name)) return problem("name-characters", "Name must be on one line");
  if (URL_LIKE.test(name)) return problem("name-url", "Name must not contain a web address");
  return undefined;
}

/** What is wrong with a service's or an organisation's name. Field: `name`. */
export function serviceNameProblem(name: string): FieldProblem | undefined {
  if (name.trim() === "") return problem("name-missing", "Enter a name");
  const alphanumerics = name.match(/[\p{L}\p{N}]/gu) ?? [];
  if (alphanumerics.length < SERVICE_NAME_MIN_ALPHANUMERICS)
    return problem("name-short", "Name must contain at least 2 letters or digits");
  if (name.length > SERVICE_NAME_MAX_CHARACTERS)
    return problem("name-long", `Name must be ${SERVICE_NAME_MAX_CHARACTERS} characters or fewer`);
  if (CONTROL.test(name)) return problem("name-characters", "Name must be on one line");
  if (!/^[\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]+$/u.test(name))
    return problem("name-script", "Name must be in Latin letters: the address of its emails is made of it");
  return undefined;
}

function problem(code: string, message: string): FieldProblem {
  return { field: "name", problem: code, message };
}
