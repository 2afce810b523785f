/** What an author has typed into the editor, as its form sends it. */
import { readFields, readList, type Values } from "../http/form.ts";
import type { ServiceVisit } from "../http/visit.ts";
import type { Wording } from "./difference.ts";
import type { Example } from "./preview/examples.ts";

export type EditorField = "name" | "subject" | "body";

export interface Written {
  values: Values<EditorField>;
  hasUnsubscribeLink: boolean;
  /** Of the template, when the writing began. */
  baseVersion: number;
  examples: readonly Example[];
}

/** As many as any template may sensibly ask for. */
const EXAMPLES_MAX = 200;

export function readWritten(visit: ServiceVisit): Written {
  const { baseVersion, ...values } = readFields(visit, ["name", "subject", "body", "baseVersion"]);
  const exampleValues = readList(visit, "exampleValue");
  const names = readList(visit, "exampleName").slice(0, EXAMPLES_MAX);
  return {
    values: { ...values, body: values.body.replaceAll("\r\n", "\n") },
    hasUnsubscribeLink: readList(visit, "hasUnsubscribeLink").length > 0,
    baseVersion: Number.parseInt(baseVersion, 10) || 0,
    examples: names.map((name, index) => ({ name, value: exampleValues[index] ?? "" })),
  };
}

/** A template's own words, to begin with. */
export function writtenOf({ name, subject, body, hasUnsubscribeLink }: Wording, baseVersion: number): Written {
  return { values: { name, subject: subject ?? "", body }, hasUnsubscribeLink, baseVersion, examples: [] };
}

/** What the flow is given to keep. A text has no subject and no link. */
export function wordingOf({ values, hasUnsubscribeLink }: Written, channel: "sms" | "email"): Wording {
  const { name, subject, body } = values;
  if (channel === "sms") return { name, subject: undefined, body, hasUnsubscribeLink: false };
  return { name, subject, body, hasUnsubscribeLink };
}
