/** The question before a change after which requests that worked would be refused. */
import type { PlaceholderChanges } from "../../../core/template/placeholder-changes.ts";
import type { Answer } from "../http/answer.ts";
import { page } from "../http/page.ts";
import type { ServiceVisit } from "../http/visit.ts";
import type { Written } from "./written.ts";

interface BreakingPage {
  added: readonly string[];
  removed: readonly string[];
  renamed: readonly string[];
  hasKeys: boolean;
  path: string;
  /** What is sent again once it is confirmed. */
  fields: readonly { name: string; value: string }[];
  /** Whether one can go back to the words as they were typed. */
  canGoOn: boolean;
}

const show = page<BreakingPage>("templates/breaking.njk");

/** What is sent again goes to `path`: the words that were typed, or with none of them a version to restore. */
export function showBreaking(
  visit: ServiceVisit,
  { added, removed, renamed }: PlaceholderChanges,
  { path, written, baseVersion = 0 }: { path: string; written?: Written; baseVersion?: number },
): Answer {
  const inBrackets = (name: string) => `((${name}))`;
  return show(visit, {
    added: added.map(inBrackets),
    removed: removed.map(inBrackets),
    renamed: renamed.map((change) => visit.text("templates.breaking.renamed", change)),
    hasKeys: visit.service.keys.some(({ revokedAt }) => revokedAt === undefined),
    path,
    fields: written ? fieldsOf(written) : [{ name: "baseVersion", value: String(baseVersion) }],
    canGoOn: written !== undefined,
  });
}

function fieldsOf({ values, hasUnsubscribeLink, isBilingual, baseVersion, examples }: Written): BreakingPage["fields"] {
  return [
    ...Object.entries(values).map(([name, value]) => ({ name, value })),
    ...(hasUnsubscribeLink ? [{ name: "hasUnsubscribeLink", value: "yes" }] : []),
    ...(isBilingual ? [{ name: "isBilingual", value: "yes" }] : []),
    { name: "baseVersion", value: String(baseVersion) },
    ...examples.flatMap(({ name, value }) => [
      { name: "exampleName", value: name },
      { name: "exampleValue", value },
    ]),
  ];
}
