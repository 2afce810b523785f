/** What differs between two wordings of a template, part by part. */
import { HOME_POSTAGES } from "../../../core/letter/postage.ts";
import { type LineChange, textDifference } from "../../../core/template/text-difference.ts";
import type { LetterParts } from "../../../records/templates/template.ts";
import type { Text } from "../catalogue/text.ts";

export interface Wording extends Partial<LetterParts> {
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

const PARTS = ["name", "contactBlock", "welshSubject", "welshBody", "subject", "body"] as const;

export function differenceOf(text: Text, before: Wording, after: Wording): Difference {
  const isLetter = after.postage !== undefined;
  const changed = PARTS.filter((part) => (before[part] ?? "") !== (after[part] ?? ""));
  return {
    parts: changed.map((part) => ({
      title: text(`templates.difference.${isLetter && part === "subject" ? "heading" : part}`),
      lines: textDifference(before[part] ?? "", after[part] ?? ""),
    })),
    notes: [
      ...postageNotes(text, before, after),
      ...attachmentNotes(text, before, after),
      ...linkNotes(text, before, after),
    ],
  };
}

function postageNotes(text: Text, before: Wording, after: Wording): string[] {
  const [from, to] = [before.postage, after.postage].map((postage) => HOME_POSTAGES.find((one) => one === postage));
  if (from === undefined || to === undefined || from === to) return [];
  return [
    text("templates.difference.postage", { from: text(`letter.postage.${from}`), to: text(`letter.postage.${to}`) }),
  ];
}

function attachmentNotes(text: Text, { attachmentId: before }: Wording, { attachmentId: after }: Wording): string[] {
  if (before === after) return [];
  if (before === undefined) return [text("templates.difference.pagesAttached")];
  return [text(`templates.difference.pages${after === undefined ? "Removed" : "Replaced"}`)];
}

function linkNotes(text: Text, before: Wording, after: Wording): string[] {
  if (before.hasUnsubscribeLink === after.hasUnsubscribeLink) return [];
  return [text(`templates.difference.unsubscribe${after.hasUnsubscribeLink ? "On" : "Off"}`)];
}
