/** Values that an author tries a template with. They are never kept. */
import { normaliseKey, type Personalisation } from "../../../../core/template/personalisation.ts";
import { parseTemplate, placeholderNames } from "../../../../core/template/placeholders.ts";

export interface Example {
  name: string;
  value: string;
}

/** Names of the values that a template's words ask for, in the order met. */
export function namesIn({ contactBlock = "", welshSubject = "", welshBody = "", subject = "", body }: Words): string[] {
  const words = [contactBlock, welshSubject, welshBody, subject, body];
  return placeholderNames(...words.map((text) => parseTemplate(text)));
}

interface Words {
  contactBlock?: string | undefined;
  welshSubject?: string | undefined;
  welshBody?: string | undefined;
  subject?: string | undefined;
  body: string;
}

/** One example for each name, with the value it had before; none for the template's files, whose links are made by sending. */
export function examplesFor(
  names: readonly string[],
  known: readonly Example[],
  fileNames: readonly string[] = [],
): Example[] {
  const links = new Set(fileNames.map(normaliseKey));
  const asked = names.filter((name) => !links.has(normaliseKey(name)));
  return asked.map((name) => ({ name, value: known.find((one) => one.name === name)?.value ?? "" }));
}

/** What was filled in: a name without a value is shown as it stands in the template. */
export function personalisationOf(examples: readonly Example[]): Personalisation {
  return Object.fromEntries(examples.filter(({ value }) => value !== "").map(({ name, value }) => [name, value]));
}
