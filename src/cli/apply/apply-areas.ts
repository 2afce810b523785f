/** Areas that a service keeps under a name. */
import { areaText } from "../../core/places/read-area.ts";
import { Refusal } from "../../core/refusal.ts";
import { AREAS_MAX, readAreaName } from "../../flow/contacts/areas.ts";
import { newId } from "../../platform/ids.ts";
import { deleteArea, insertArea, listAreas, type SavedArea, updateArea } from "../../records/contacts/area-store.ts";
import type { DeclaredArea } from "./declare-areas.ts";
import { type Place, refuseAt } from "./read.ts";
import { type Noun, reconcile } from "./reconcile.ts";
import type { Owner, Run } from "./run.ts";

export async function applyAreas(
  run: Run,
  { serviceId, name: service }: Owner,
  declared: readonly DeclaredArea[] | undefined,
): Promise<void> {
  if (!declared) return;
  const { tx, now } = run;
  const wanted = declared.map(named);
  const current = await listAreas(tx, serviceId);
  refuseLookAlikes(wanted, current);
  const noun: Noun<DeclaredArea, SavedArea> = {
    kind: "area",
    serviceId,
    owner: ` of ${service}`,
    nameOf: ({ name }) => name,
    placeOf: ({ at }) => at,
    fieldsOf: ({ area }) => ({ area: areaText(area) }),
    wishesOf: ({ area }) => ({ area: areaText(area) }),
    insert: async ({ at, name, area }) => {
      const saved = { id: newId(), serviceId, name, area, createdAt: now, updatedAt: now };
      if (!(await insertArea(tx, saved, AREAS_MAX))) refuseAt(at, `is one too many: a service can have ${AREAS_MAX}`);
    },
    update: (before, { area }) => updateArea(tx, { ...before, area, updatedAt: now }),
    remove: (area) => deleteArea(tx, area),
  };
  await reconcile(run, noun, { wanted, current });
}

/** By the same rules as on the page. */
function named(declared: DeclaredArea): DeclaredArea {
  try {
    return { ...declared, name: readAreaName(declared.name) };
  } catch (error) {
    if (error instanceof Refusal) return refuseAt(declared.at, `cannot be: ${error.message}`);
    throw error;
  }
}

/** Names are told apart without regard to capitals. */
function refuseLookAlikes(wanted: readonly DeclaredArea[], current: readonly SavedArea[]): void {
  const spellings = new Map(current.map(({ name }) => [name.toLowerCase(), name]));
  for (const { at, name } of wanted) {
    const spelling = spellings.get(name.toLowerCase()) ?? name;
    if (spelling !== name) refuse(at, spelling);
    spellings.set(name.toLowerCase(), name);
  }
}

function refuse(at: Place, spelling: string): never {
  return refuseAt(at, `has the name of another area, ${spelling}, but for capitals`);
}
