/** `/services/:sid/contacts/areas`: areas under a name, to send messages to groups there. */
import { type Area, CORNERS_MAX } from "../../../core/places/area.ts";
import { readPosition } from "../../../core/places/position.ts";
import { type AreaProblem, isAreaProblem, linesOf, readCircle, readPolygon } from "../../../core/places/read-area.ts";
import {
  AREAS_MAX,
  type AreaWish,
  addArea,
  changeArea,
  getArea,
  readAreaName,
  readAreaNames,
  removeArea,
} from "../../../flow/contacts/areas.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, submit, type Values } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { ServiceVisit } from "../http/visit.ts";
import { showDelete } from "./contact.ts";
import { CONTACTS, contactsPath, MAY_CHANGE, MAY_SEE } from "./paths.ts";

const FIELDS = ["name", "kind", "latitude", "longitude", "radius_km", "corners"] as const;
type Field = (typeof FIELDS)[number];
const KILOMETRES = /^\d{1,4}(\.\d{1,6})?$/;

interface AreasPage {
  base: string;
  url: string;
  mayChange: boolean;
  /** Whether the service may have another. */
  hasRoom: boolean;
  areasMax: number;
  areas: readonly { id: string; name: string; shape: string }[];
}

interface AreaPage {
  /** Where the form goes, and where one came from. */
  url: string;
  backUrl: string;
  isNew: boolean;
  cornersMax: number;
  form: Form<Field>;
}

const AREAS = `${CONTACTS}/areas`;
const showAreas = page<AreasPage>("contacts/areas.njk");
const showArea = page<AreaPage>("contacts/area.njk");

export const areaRoutes: readonly Route[] = [
  route({ method: "GET", url: AREAS, who: MAY_SEE, handler: openAreas }),
  route({ method: "GET", url: `${AREAS}/new`, who: MAY_CHANGE, handler: askForNew }),
  route({ method: "POST", url: `${AREAS}/new`, who: MAY_CHANGE, handler: add }),
  route({ method: "GET", url: `${AREAS}/:aid`, who: MAY_CHANGE, handler: askForChange }),
  route({ method: "POST", url: `${AREAS}/:aid`, who: MAY_CHANGE, handler: change }),
  route({ method: "GET", url: `${AREAS}/:aid/delete`, who: MAY_CHANGE, handler: askToRemove }),
  route({ method: "POST", url: `${AREAS}/:aid/delete`, who: MAY_CHANGE, handler: remove }),
];

function areasPath(visit: ServiceVisit): string {
  return `${contactsPath(visit)}/areas`;
}

async function openAreas(visit: ServiceVisit): Promise<Answer> {
  const { app, service, may, text, formats } = visit;
  const areas = await readAreaNames(app, service);
  return showAreas(visit, {
    ...{ base: contactsPath(visit), url: areasPath(visit), mayChange: may("manage_service") },
    ...{ hasRoom: areas.length < AREAS_MAX, areasMax: AREAS_MAX },
    areas: areas.map(({ id, name, kind, radiusKm = 0 }) => ({
      ...{ id, name },
      shape:
        kind === "circle"
          ? text("contacts.area.circleOf", { km: formats.number(radiusKm) })
          : text("contacts.area.polygon"),
    })),
  });
}

function askForNew(visit: ServiceVisit): Answer {
  return show(visit, formOf({ name: "", ...NO_SHAPE }));
}

const NO_SHAPE = { kind: "", latitude: "", longitude: "", radius_km: "", corners: "" };

function show(visit: ServiceVisit, form: Form<Field>, id?: string): Answer {
  const backUrl = areasPath(visit);
  const shared = { backUrl, isNew: id === undefined, cornersMax: CORNERS_MAX, form };
  return showArea(visit, { ...shared, url: `${backUrl}/${id ?? "new"}` });
}

async function add(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "name",
    act: async () => {
      await addArea(app, actorOf(visit), { service, ...wishFrom(visit, values) });
      return redirect(areasPath(visit), { flash: text("contacts.area.added") });
    },
    showAgain: (form) => show(visit, form),
  });
}

async function askForChange(visit: ServiceVisit): Promise<Answer> {
  const { app, service } = visit;
  const { id, name, area } = await getArea(app, service, idIn(visit, "aid"));
  return show(visit, formOf({ name, ...shapeOf(area) }), id);
}

function shapeOf(area: Area): Omit<Values<Field>, "name"> {
  if (area.kind === "polygon") return { ...NO_SHAPE, kind: "corners", corners: linesOf(area.rings) };
  const { centre, radiusKm } = area;
  const { latitude, longitude } = centre;
  return {
    ...{ ...NO_SHAPE, kind: "circle", latitude: String(latitude), longitude: String(longitude) },
    radius_km: String(radiusKm),
  };
}

async function change(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const { id } = await getArea(app, service, idIn(visit, "aid"));
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "name",
    act: async () => {
      await changeArea(app, actorOf(visit), { service, id, ...wishFrom(visit, values) });
      return redirect(areasPath(visit), { flash: text("contacts.area.changed") });
    },
    showAgain: (form) => show(visit, form, id),
  });
}

function wishFrom(visit: ServiceVisit, values: Values<Field>): AreaWish {
  const name = readAreaName(values.name);
  switch (values.kind) {
    case "circle":
      return { name, area: circleFrom(visit, values) };
    case "corners":
      if (values.corners.trim() === "")
        throw new InvalidFields({ corners: visit.text("contacts.area.corners.missing") });
      return { name, area: fitting("corners", readPolygon(values.corners)) };
    default:
      throw new InvalidFields({ kind: visit.text("contacts.area.kind.missing") });
  }
}

function circleFrom({ text }: ServiceVisit, values: Values<Field>): Area {
  const centre = readPosition(values.latitude, values.longitude);
  if (!centre) throw new InvalidFields({ latitude: text("contacts.area.centre.wrong") });
  const typed = values.radius_km.trim();
  if (!KILOMETRES.test(typed)) throw new InvalidFields({ radius_km: text("contacts.area.radius.wrong") });
  return fitting("radius_km", readCircle(centre, Number(typed)));
}

/** A problem is worded to stand after the name of a field; here it stands under it. */
function fitting(field: Field, read: Area | AreaProblem): Area {
  if (!isAreaProblem(read)) return read;
  const { problem } = read;
  throw new InvalidFields({ [field]: problem.charAt(0).toUpperCase() + problem.slice(1) });
}

async function askToRemove(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  const { id, name } = await getArea(app, service, idIn(visit, "aid"));
  const title = text("contacts.area.delete.title", { name });
  const words = { back: text("contacts.areas.back"), title, explain: text("contacts.area.delete.explain") };
  return showDelete(visit, { url: `${areasPath(visit)}/${id}`, words });
}

async function remove(visit: ServiceVisit): Promise<Answer> {
  const { app, service, text } = visit;
  await removeArea(app, actorOf(visit), { service, id: idIn(visit, "aid") });
  return redirect(areasPath(visit), { flash: text("contacts.area.deleted") });
}
