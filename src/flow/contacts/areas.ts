/** Areas that a service keeps under a name, to send messages to groups there. */
import type { Area } from "../../core/places/area.ts";
import { areaText } from "../../core/places/read-area.ts";
import { Refusal } from "../../core/refusal.ts";
import { violatedUniqueConstraint } from "../../platform/db.ts";
import { newId } from "../../platform/ids.ts";
import {
  AREA_NAME_CONSTRAINT,
  deleteArea,
  findArea,
  insertArea,
  type ListedArea,
  listAreaNames,
  listAreas,
  lockArea,
  type SavedArea,
  updateArea,
} from "../../records/contacts/area-store.ts";
import type { Service } from "../../records/services/service.ts";
import { type Actor, recordDeed } from "../actor.ts";
import type { App } from "../app.ts";
import { fieldRefusal } from "../form-refusal.ts";
import { notThere } from "./phonebook.ts";

export const AREAS_MAX = 200;
const AREA_NAME_MAX_CHARACTERS = 100;
const CONTROL = /\p{Cc}|\p{Surrogate}/u;

type Keeper = Pick<App, "db" | "clock">;
type Owner = Pick<Service, "id">;

export interface AreaWish {
  name: string;
  area: Area;
}

export async function addArea(app: Keeper, actor: Actor, wish: AreaWish & { service: Owner }): Promise<SavedArea> {
  const now = app.clock.now();
  const { area, service } = wish;
  const saved = {
    id: newId(),
    serviceId: service.id,
    name: readAreaName(wish.name),
    area,
    createdAt: now,
    updatedAt: now,
  };
  await withNameOfItsOwn(() =>
    app.db.transaction(async (tx) => {
      if (!(await insertArea(tx, saved, AREAS_MAX))) throw tooMany();
      await recordDeed(tx, actor, { ...deedOf(saved, "added"), after: shown(saved) });
    }),
  );
  return saved;
}

/** Messages that were begun in it stay where it was. */
export async function changeArea(
  app: Keeper,
  actor: Actor,
  { service, id, ...wish }: AreaWish & { service: Owner; id: string },
): Promise<void> {
  const name = readAreaName(wish.name);
  await withNameOfItsOwn(() =>
    app.db.transaction(async (tx) => {
      const before = await lockArea(tx, { serviceId: service.id, id });
      if (!before) throw notThere();
      const after = { ...before, name, area: wish.area, updatedAt: app.clock.now() };
      await updateArea(tx, after);
      await recordDeed(tx, actor, { ...deedOf(after, "changed"), before: shown(before), after: shown(after) });
    }),
  );
}

export async function removeArea(
  app: Keeper,
  actor: Actor,
  { service, id }: { service: Owner; id: string },
): Promise<void> {
  await app.db.transaction(async (tx) => {
    const before = await lockArea(tx, { serviceId: service.id, id });
    if (!before) throw notThere();
    await deleteArea(tx, before);
    await recordDeed(tx, actor, { ...deedOf(before, "deleted"), before: shown(before) });
  });
}

export async function getArea(app: Pick<App, "db">, service: Owner, id: string): Promise<SavedArea> {
  const saved = await findSavedArea(app, service, id);
  if (!saved) throw notThere();
  return saved;
}

export function findSavedArea(
  app: Pick<App, "db">,
  { id: serviceId }: Owner,
  id: string,
): Promise<SavedArea | undefined> {
  return findArea(app.db, { serviceId, id });
}

/** By name, every one of a service. */
export function readAreas(app: Pick<App, "db">, { id: serviceId }: Owner): Promise<SavedArea[]> {
  return listAreas(app.db, serviceId);
}

/** The same, to choose from. */
export function readAreaNames(app: Pick<App, "db">, { id: serviceId }: Owner): Promise<ListedArea[]> {
  return listAreaNames(app.db, serviceId);
}

export function readAreaName(text: string): string {
  const name = text.trim();
  if (name === "") throw fieldRefusal("name", "name-missing", "Enter a name");
  if (name.length > AREA_NAME_MAX_CHARACTERS || CONTROL.test(name))
    throw fieldRefusal("name", "name-wrong", `Enter a name of ${AREA_NAME_MAX_CHARACTERS} characters or fewer`);
  return name;
}

function tooMany(): Refusal {
  return new Refusal("bad-request", `A service can have ${AREAS_MAX} areas at most`);
}

async function withNameOfItsOwn(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (violatedUniqueConstraint(error) !== AREA_NAME_CONSTRAINT) throw error;
    throw fieldRefusal("name", "name-taken", "Another area has this name");
  }
}

function deedOf({ serviceId, id }: SavedArea, what: string) {
  return { serviceId, action: `area.${what}`, subject: `area ${id}` };
}

function shown({ name, area }: SavedArea) {
  return { name, area: areaText(area) };
}
