/** `/platform/number-lookups/new` and `/platform/number-lookups/:id`: a supplier that asks networks about numbers is added, changed and removed. */
import {
  type LookupSupplierForm,
  OWN_DESCRIPTION,
  readLookupSupplier,
  removeLookupSupplier,
  saveLookupSupplier,
} from "../../../flow/platform/change-lookup-suppliers.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit, type Values } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";

const LIST_URL = "/platform/number-lookups";
const NEW_URL = `${LIST_URL}/new`;
const FIELDS = ["name", "preset", "description", "values"] as const;
type Field = (typeof FIELDS)[number] | `${string}.${string}`;

interface ShownSetting {
  field: Field;
  name: string;
  /** Undefined of a credential, which is not shown again. */
  usual: string | undefined;
}

interface SupplierPage {
  isNew: boolean;
  name: string;
  url: string;
  form: Form<Field>;
  presets: readonly { name: string; settings: readonly ShownSetting[] }[];
}

const showSupplier = page<SupplierPage>("platform/lookup-supplier.njk");
const WHO = "platform-admin" as const;

export const lookupSupplierRoutes: readonly Route[] = [
  route({ method: "GET", url: NEW_URL, who: WHO, handler: openNew }),
  route({ method: "POST", url: NEW_URL, who: WHO, handler: (visit) => save(visit, undefined) }),
  route({ method: "GET", url: `${LIST_URL}/:id`, who: WHO, handler: open }),
  route({ method: "POST", url: `${LIST_URL}/:id`, who: WHO, handler: (visit) => save(visit, idIn(visit, "id")) }),
  route({ method: "POST", url: `${LIST_URL}/:id/removal`, who: WHO, handler: remove }),
];

function openNew(visit: UserVisit): Promise<Answer> {
  return show(visit, undefined, formOf(filledIn(visit, { name: "", preset: "", description: "", values: {} })));
}

async function open(visit: UserVisit): Promise<Answer> {
  const id = idIn(visit, "id");
  return show(visit, id, formOf(filledIn(visit, await readLookupSupplier(visit.app, id))));
}

function settingsOf({ app }: UserVisit): { preset: string; name: string; usual: string | undefined; field: Field }[] {
  return app.lookupKinds.presets.flatMap(({ name: preset, settings }) =>
    settings.map(({ name, usual }) => ({ preset, name, usual, field: `${preset}.${name}` as const })),
  );
}

function filledIn(visit: UserVisit, { name, preset, description, values }: LookupSupplierForm): Values<Field> {
  const ofPresets = settingsOf(visit).map((one) => {
    return [one.field, (one.preset === preset ? values[one.name] : undefined) ?? one.usual ?? ""];
  });
  return { name, preset, description, values: "", ...Object.fromEntries(ofPresets) };
}

async function show(visit: UserVisit, id: string | undefined, form: Form<Field>): Promise<Answer> {
  const before = id === undefined ? undefined : await readLookupSupplier(visit.app, id);
  return showSupplier(visit, {
    ...{ isNew: id === undefined, name: before?.name ?? "", url: `${LIST_URL}/${id ?? "new"}`, form },
    presets: visit.app.lookupKinds.presets.map(({ name: preset }) => ({
      name: preset,
      settings: settingsOf(visit).filter((one) => one.preset === preset),
    })),
  });
}

function save(visit: UserVisit, id: string | undefined): Promise<Answer> {
  const fields: Field[] = [...FIELDS, ...settingsOf(visit).map(({ field }) => field)];
  const values = readFields(visit, fields);
  return submit({
    values,
    refusedAt: "name",
    act: async () => {
      await saveLookupSupplier(visit.app, actorOf(visit), { id, form: formIn(visit, values) });
      return redirect(LIST_URL, { flash: visit.text("platformLookups.saved") });
    },
    // What was typed as a credential is not sent back.
    showAgain: (form) => show(visit, id, { ...form, values: { ...form.values, ...withoutCredentials(visit) } }),
  });
}

function withoutCredentials(visit: UserVisit): Values<Field> {
  const credentials = settingsOf(visit).filter(({ usual }) => usual === undefined);
  return { ...Object.fromEntries(credentials.map(({ field }) => [field, ""])), values: "" } as Values<Field>;
}

function formIn(visit: UserVisit, filled: Values<Field>): LookupSupplierForm {
  const { name, preset, description, values } = filled;
  const ofPreset = settingsOf(visit).filter((one) => one.preset === preset);
  const typed = Object.fromEntries(ofPreset.map((one) => [one.name, (filled[one.field] ?? "").trim()]));
  return { name, preset, description, values: preset === OWN_DESCRIPTION ? linesIn(values) : typed };
}

/** `name = value`, one a line. */
function linesIn(text: string): Record<string, string> {
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  return Object.fromEntries(
    lines.map((line) => {
      const [name = "", ...rest] = line.split("=");
      return [name.trim(), rest.join("=").trim()];
    }),
  );
}

async function remove(visit: UserVisit): Promise<Answer> {
  await removeLookupSupplier(visit.app, actorOf(visit), idIn(visit, "id"));
  return redirect(LIST_URL, { flash: visit.text("platformLookups.removed") });
}
