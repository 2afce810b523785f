/** The links that an email has by its template: to files that go with every one. */
import { normaliseKey } from "../../core/template/personalisation.ts";
import type { TemplateVersion } from "../../records/templates/template.ts";
import type { Templates } from "../../records/templates/template-cache.ts";
import type { TemplateFile } from "../../records/templates/template-file.ts";
import { placeholderNamesOf } from "../rendering.ts";

/** Files whose place is in the template's words: the others are kept, and go with nothing. */
export async function filesInWords(templates: Templates, template: TemplateVersion): Promise<TemplateFile[]> {
  if (template.channel !== "email") return [];
  const files = await templates.findFiles(template.templateId);
  if (files.length === 0) return [];
  const keys = new Set(placeholderNamesOf(template).map(normaliseKey));
  return files.filter(({ fileName }) => keys.has(normaliseKey(fileName)));
}
