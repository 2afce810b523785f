/** All contacts of a service, or of a group, as one table, written while it is read. */
import { contactCells, contactHeads } from "../../core/contacts/phonebook-table.ts";
import { BYTE_ORDER_MARK, csvText } from "../../core/csv/write-csv.ts";
import type { App } from "../app.ts";
import { readAllContacts } from "./phonebook.ts";
import type { Owner } from "./sealed-contacts.ts";

/** Fields of a service's own that have a column each; of any more, their words stand in one. */
const FIELD_COLUMNS_MAX = 200;

/** Read twice: the columns are not known until everybody has been looked at. */
export async function* contactCsv(app: Pick<App, "db">, service: Owner, groupId?: string): AsyncGenerator<string> {
  const names = await fieldNames(app, service, groupId);
  const [shown, others] = [names.slice(0, FIELD_COLUMNS_MAX), names.slice(FIELD_COLUMNS_MAX)];
  yield BYTE_ORDER_MARK + csvText([[...contactHeads(shown), ...(others.length > 0 ? ["Other fields"] : [])]]);
  for await (const page of readAllContacts(app, service, groupId)) {
    yield csvText(
      page.map((contact) => [
        ...contactCells(contact, shown),
        ...(others.length > 0 ? [wordsOf(contact.fields, others)] : []),
      ]),
    );
  }
}

async function fieldNames(app: Pick<App, "db">, service: Owner, groupId: string | undefined): Promise<string[]> {
  const names = new Set<string>();
  for await (const page of readAllContacts(app, service, groupId))
    for (const { fields } of page) for (const name of Object.keys(fields)) names.add(name);
  return [...names].sort();
}

function wordsOf(fields: Readonly<Record<string, string>>, names: readonly string[]): string {
  return names.flatMap((name) => (fields[name] === undefined ? [] : [`${name}: ${fields[name]}`])).join("; ");
}
