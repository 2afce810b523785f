/** `/services/:sid/suppressions/import`: a file, or rows that are pasted. */
import {
  IMPORTED_ROWS_MAX,
  type Imported,
  importSuppressions,
} from "../../../flow/suppressions/import-suppressions.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { MAY_CHANGE, SUPPRESSIONS, suppressionsPath } from "./paths.ts";

/** What a form's field takes beside a file; what is longer arrives cut off. */
const PASTED_MAX_BYTES = 16 * 1024;

type Field = "file" | "pasted";

interface ImportPage {
  base: string;
  rowsMax: number;
  form: Form<Field>;
  /** What is wrong with rows, in words. */
  problems: readonly string[];
}

const showImport = page<ImportPage>("suppressions/import.njk");

export const importRoutes: readonly Route[] = [
  route({ method: "GET", url: `${SUPPRESSIONS}/import`, who: MAY_CHANGE, handler: askForList }),
  route({ method: "POST", url: `${SUPPRESSIONS}/import`, who: MAY_CHANGE, takesFile: true, handler: takeList }),
];

function askForList(visit: ServiceVisit): Answer {
  return show(visit, formOf({ file: "", pasted: "" }));
}

function show(visit: ServiceVisit, form: Form<Field>, problems: readonly string[] = []): Answer {
  return showImport(visit, { base: suppressionsPath(visit), rowsMax: IMPORTED_ROWS_MAX, form, problems });
}

async function takeList(visit: ServiceVisit): Promise<Answer> {
  const { app, service } = visit;
  const { pasted } = readFields(visit, ["pasted"]);
  let problems: readonly string[] = [];
  return submit({
    values: { file: "", pasted },
    refusedAt: "file",
    act: async () => {
      const imported = await importSuppressions(app, actorOf(visit), { service, text: broughtText(visit, pasted) });
      if (imported.kind === "wrong-rows")
        problems = imported.problems.map((one) => visit.text("suppressions.import.row", { ...one }));
      return outcomeOf(visit, imported, visit.files.has("file") ? "file" : "pasted");
    },
    showAgain: (form) => show(visit, form, problems),
  });
}

function broughtText({ files, text }: ServiceVisit, pasted: string): string {
  const file = files.get("file");
  if (file?.isTooLarge) throw new InvalidFields({ file: text("suppressions.import.tooLarge") });
  if (file) return file.bytes.toString("utf8");
  if (pasted.trim() === "") throw new InvalidFields({ file: text("suppressions.import.missing") });
  if (Buffer.byteLength(pasted) >= PASTED_MAX_BYTES)
    throw new InvalidFields({ pasted: text("suppressions.import.tooLarge") });
  return pasted;
}

function outcomeOf(visit: ServiceVisit, imported: Imported, field: Field): Answer {
  const { text } = visit;
  switch (imported.kind) {
    case "added": {
      const { added, rows } = imported;
      return redirect(suppressionsPath(visit), { flash: text("suppressions.imported", { added, rows }) });
    }
    case "nothing-there":
      throw new InvalidFields({ [field]: text("suppressions.import.missing") });
    case "too-many-rows": {
      const told = { rows: imported.rows, max: IMPORTED_ROWS_MAX };
      throw new InvalidFields({ [field]: text("suppressions.import.tooMany", told) });
    }
    case "wrong-rows":
      throw new InvalidFields({ [field]: text("suppressions.import.wrong", { count: imported.count }) });
  }
}
