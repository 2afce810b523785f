/** What differs between two wordings of a template, part by part. */
import { type LineChange, textDifference } from "../../../core/template/text-difference.ts";
import type { Text } from "../catalogue/text.ts";

export interface Wording {
  name: string;
  subject: string | undefined;
  body: string;
  hasUnsubscribeLink: boolean;
}

export interface PartDifference {
  title: string;
  lines: readonly LineChange[];
}

export interface Difference {
  /** Only those that differ. */
  parts: readonly PartDifference[];
  /** Said in words. */
  notes: readonly string[];
}

const PARTS = ["name", "subject", "body"] as const;

export function differenceOf(text: Text, before: Wording, after: Wording): Difference {
  const changed = PARTS.filter((part) => (before[part] ?? "") !== (after[part] ?? ""));
  return {
    parts: changed.map((part) => ({
      title: text(`templates.difference.${part}`),
      lines: textDifference(before[part] ?? "", after[part] ?? ""),
    })),
    notes: linkNotes(text, before, after),
  };
}

function linkNotes(text: Text, before: Wording, after: Wording): string[] {
  if (before.hasUnsubscribeLink === after.hasUnsubscribeLink) return [];
  return [text(`templates.difference.unsubscribe${after.hasUnsubscribeLink ? "On" : "Off"}`)];
}
