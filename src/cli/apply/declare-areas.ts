/** What a file may say of areas that a service keeps under a name: a circle, or corners as lines or GeoJSON. */
import type { Area } from "../../core/places/area.ts";
import { readPosition } from "../../core/places/position.ts";
import { type AreaProblem, isAreaProblem, readCircle, readPolygon } from "../../core/places/read-area.ts";
import { object, optional, type Place, type Read, refuseAt, text } from "./read.ts";

export interface DeclaredArea {
  at: Place;
  name: string;
  area: Area;
}

const number: Read<number> = (place) =>
  typeof place.value === "number" ? place.value : refuseAt(place, "must be a number");

const MEASURES = object({ latitude: number, longitude: number, radius_km: number });

const CIRCLE: Read<Area> = (place) => {
  const { latitude, longitude, radius_km: radiusKm } = MEASURES(place);
  const centre = readPosition(latitude, longitude);
  if (!centre) return refuseAt(place, "has a centre that is not in degrees of latitude and longitude");
  return fitting(place, readCircle(centre, radiusKm));
};

const CORNERS: Read<Area> = (place) => fitting(place, readPolygon(text(place)));

const FIELDS = object({ name: text, circle: optional(CIRCLE), corners: optional(CORNERS) });

export const AREA: Read<DeclaredArea> = (place) => {
  const { name, circle, corners } = FIELDS(place);
  const area = circle ?? corners;
  if (!area || (circle && corners)) return refuseAt(place, "must have a circle or corners, and not both");
  return { at: place, name, area };
};

function fitting(place: Place, read: Area | AreaProblem): Area {
  return isAreaProblem(read) ? refuseAt(place, read.problem) : read;
}
