import { invalidArgument } from "./pennypost-error.ts";

/** Options as the API calls them. What was left out, or is null, is not sent. */
export function fieldsOf(options: Record<string, unknown>, names: Record<string, string>): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [option, value] of Object.entries(options)) {
    const name = names[option];
    if (name === undefined) throw invalidArgument(`There is no option ${option}`);
    if (value !== undefined && value !== null) fields[name] = value;
  }
  return fields;
}
