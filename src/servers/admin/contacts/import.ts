/** `/services/:sid/contacts/import`: a file is brought, looked at with what is wrong with it, and then it goes in. */
import { readAllGroups } from "../../../flow/contacts/contact-groups.ts";
import { IMPORTED_ROWS_MAX } from "../../../flow/contacts/import-contacts.ts";
import { checkDraft, importDraft, keepDraft } from "../../../flow/contacts/import-draft.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, submit } from "../http/form.ts";
import { asId, idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { CONTACTS, contactsPath, MAY_CHANGE } from "./paths.ts";

type Field = "file" | "group";

interface ImportPage {
  base: string;
  rowsMax: number;
  groups: readonly { value: string; text: string }[];
  form: Form<Field>;
}

interface CheckPage {
  base: string;
  url: string;
  good: number;
  wrong: number;
  problems: readonly string[];
  groupName: string | undefined;
}

const IMPORT = `${CONTACTS}/import`;
const showImport = page<ImportPage>("contacts/import.njk");
const showCheck = page<CheckPage>("contacts/check.njk");

export const importRoutes: readonly Route[] = [
  route({ method: "GET", url: IMPORT, who: MAY_CHANGE, handler: askForFile }),
  route({ method: "POST", url: IMPORT, who: MAY_CHANGE, takesFile: true, handler: takeFile }),
  route({ method: "GET", url: `${IMPORT}/:did`, who: MAY_CHANGE, handler: openCheck }),
  route({ method: "POST", url: `${IMPORT}/:did`, who: MAY_CHANGE, handler: takeIn }),
];

function askForFile(visit: ServiceVisit): Promise<Answer> {
  return show(visit, formOf({ file: "", group: "" }));
}

async function show(visit: ServiceVisit, form: Form<Field>): Promise<Answer> {
  const { app, service, text } = visit;
  const groups = (await readAllGroups(app, service)).map(({ id, name }) => ({ value: id, text: name }));
  return showImport(visit, {
    ...{ base: contactsPath(visit), rowsMax: IMPORTED_ROWS_MAX, form },
    groups: [{ value: "", text: text("contacts.import.noGroup") }, ...groups],
  });
}

async function takeFile(visit: ServiceVisit): Promise<Answer> {
  const { app, service, visitor, text, files } = visit;
  const { group } = readFields(visit, ["group"]);
  return submit({
    values: { file: "", group },
    refusedAt: "file",
    act: async () => {
      const file = files.get("file");
      if (!file) throw new InvalidFields({ file: text("contacts.import.missing") });
      if (file.isTooLarge) throw new InvalidFields({ file: text("contacts.import.tooLarge") });
      const kept = { bytes: file.bytes, groupId: asId(group) };
      const id = await keepDraft(app, { service, userId: visitor.userId }, kept);
      return redirect(`${contactsPath(visit)}/import/${id}`);
    },
    showAgain: (form) => show(visit, form),
  });
}

async function openCheck(visit: ServiceVisit): Promise<Answer> {
  const { app, service, visitor, text } = visit;
  const id = idIn(visit, "did");
  const checked = await checkDraft(app, { service, userId: visitor.userId }, id);
  const base = contactsPath(visit);
  return showCheck(visit, {
    ...{ base, url: `${base}/import/${id}`, good: checked.good, wrong: checked.wrong },
    groupName: checked.group?.name,
    problems: checked.problems.map(({ row, column, problem }) =>
      column === undefined
        ? text("contacts.check.row", { row, problem })
        : text("contacts.check.cell", { row, column, problem }),
    ),
  });
}

async function takeIn(visit: ServiceVisit): Promise<Answer> {
  const { app, service, visitor, text } = visit;
  const person = { service, userId: visitor.userId };
  const { counts } = await importDraft(app, actorOf(visit), { person, id: idIn(visit, "did") });
  return redirect(contactsPath(visit), { flash: text("contacts.imported", { ...counts }) });
}
