/** A template that WhatsApp has approved, as one of ours names it. */

export interface ApprovedTemplate {
  /** As WhatsApp has it: small letters, digits and underscores. */
  name: string;
  /** As WhatsApp has it: `en`, `en_GB`. */
  language: string;
  /** Our placeholders whose values fill its {{1}}, {{2}} and so on. */
  values: readonly string[];
}

const NAME = /^[a-z0-9_]{1,512}$/;
const LANGUAGE = /^[a-z]{2,3}(?:_[A-Z]{2,3})?$/;
const VALUES_MAX = 50;

export interface ApprovedProblem {
  field: "name" | "language" | "values";
  message: string;
}

/** What is wrong first; `placeholders` are the names that the template asks for. */
export function approvedProblem(
  { name, language, values }: ApprovedTemplate,
  placeholders: readonly string[],
): ApprovedProblem | undefined {
  if (!NAME.test(name))
    return { field: "name", message: "Enter its name at WhatsApp: small letters, digits and underscores" };
  if (!LANGUAGE.test(language)) return { field: "language", message: "Enter its language at WhatsApp, such as en_GB" };
  if (values.length > VALUES_MAX) return { field: "values", message: `Name no more than ${VALUES_MAX} placeholders` };
  const unknown = values.find((value) => !placeholders.some((one) => one.toLowerCase() === value.toLowerCase()));
  if (unknown === undefined) return undefined;
  return { field: "values", message: `The template has no placeholder ((${unknown}))` };
}
