/** What an author has typed into the editor, as its form sends it. */
import { DEFAULT_POSTAGE } from "../../../core/letter/postage.ts";
import type { Channel } from "../../../records/services/service.ts";
import { readFields, readList, type Values } from "../http/form.ts";
import type { ServiceVisit } from "../http/visit.ts";
import type { Wording } from "./difference.ts";
import type { Example } from "./preview/examples.ts";

export const EDITOR_FIELDS = [
  "name",
  "subject",
  "body",
  "postage",
  "contactBlock",
  "welshSubject",
  "welshBody",
] as const;
export type EditorField = (typeof EDITOR_FIELDS)[number];

export interface Written {
  values: Values<EditorField>;
  hasUnsubscribeLink: boolean;
  /** A letter in Welsh, then in English. */
  isBilingual: boolean;
  /** Of the template, when the writing began. */
  baseVersion: number;
  examples: readonly Example[];
}

/** As many as any template may sensibly ask for. */
const EXAMPLES_MAX = 200;

export function readWritten(visit: ServiceVisit): Written {
  const { baseVersion, ...values } = readFields(visit, [...EDITOR_FIELDS, "baseVersion"]);
  const exampleValues = readList(visit, "exampleValue");
  const names = readList(visit, "exampleName").slice(0, EXAMPLES_MAX);
  return {
    values: withUnixLines(values),
    hasUnsubscribeLink: readList(visit, "hasUnsubscribeLink").length > 0,
    isBilingual: readList(visit, "isBilingual").length > 0,
    baseVersion: Number.parseInt(baseVersion, 10) || 0,
    examples: names.map((name, index) => ({ name, value: exampleValues[index] ?? "" })),
  };
}

/** Browsers send line breaks as CR LF. */
function withUnixLines(values: Values<EditorField>): Values<EditorField> {
  const entries = EDITOR_FIELDS.map((name) => [name, values[name].replaceAll("\r\n", "\n")]);
  return Object.fromEntries(entries) as Values<EditorField>;
}

/** A template's own words, to begin with. */
export function writtenOf(wording: Wording, baseVersion: number): Written {
  const { name, subject = "", body, hasUnsubscribeLink } = wording;
  const { postage = DEFAULT_POSTAGE, contactBlock = "", welshSubject = "", welshBody = "" } = wording;
  return {
    values: { name, subject, body, postage, contactBlock, welshSubject, welshBody },
    hasUnsubscribeLink,
    isBilingual: wording.welshBody !== undefined,
    baseVersion,
    examples: [],
  };
}

/** What the flow is given to keep: of what was typed, what the channel has. */
export function wordingOf({ values, hasUnsubscribeLink, isBilingual }: Written, channel: Channel): Wording {
  const { name, subject, body, postage, contactBlock, welshSubject, welshBody } = values;
  switch (channel) {
    case "sms":
    case "chat":
      return { name, subject: undefined, body, hasUnsubscribeLink: false };
    case "email":
      return { name, subject, body, hasUnsubscribeLink };
    case "letter": {
      const welsh = isBilingual ? { welshSubject, welshBody } : {};
      return { name, subject, body, hasUnsubscribeLink: false, postage, contactBlock, ...welsh };
    }
  }
}
