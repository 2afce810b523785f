/** An area in a request: a circle, corners as the Common Alerting Protocol has them, or GeoJSON. */
import {
  isJsonNumber,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  spellingOf,
} from "../../../core/json/json-value.ts";
import { writeJson } from "../../../core/json/write-json.ts";
import type { Area } from "../../../core/places/area.ts";
import { readPosition } from "../../../core/places/position.ts";
import { type AreaProblem, isAreaProblem, readCircle, readPolygon } from "../../../core/places/read-area.ts";
import { fits, type Judged, wrong } from "./checker.ts";

const CIRCLE_NAMES = ["latitude", "longitude", "radius_km"];

export function area(value: JsonValue): Judged<Area> {
  const read = readAny(value);
  return isAreaProblem(read) ? wrong(read.problem) : fits(read);
}

function readAny(value: JsonValue): Area | AreaProblem {
  if (typeof value === "string") return readPolygon(value);
  if (!isJsonObject(value)) return { problem: "must be a circle, a list of corners as text, or GeoJSON" };
  return Object.hasOwn(value, "type") ? readPolygon(writeJson(value)) : circle(value);
}

function circle(json: JsonObject): Area | AreaProblem {
  const [latitude, longitude, radiusKm] = CIRCLE_NAMES.map((name) => numberIn(json, name));
  const isExact = Object.keys(json).length === CIRCLE_NAMES.length;
  if (!isExact || latitude === undefined || longitude === undefined || radiusKm === undefined)
    return { problem: "must have the numbers latitude, longitude and radius_km, or be GeoJSON" };
  const centre = readPosition(latitude, longitude);
  return centre
    ? readCircle(centre, radiusKm)
    : { problem: "has a centre that is not in degrees of latitude and longitude" };
}

function numberIn(json: JsonObject, name: string): number | undefined {
  const value = Object.hasOwn(json, name) ? json[name] : undefined;
  const number = isJsonNumber(value) ? Number(spellingOf(value)) : value;
  return typeof number === "number" ? number : undefined;
}
