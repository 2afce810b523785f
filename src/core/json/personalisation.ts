/** Personalisation as sent, made into the text that fills placeholders. */
import { isJsonObject, type JsonObject, type JsonValue } from "./json-value.ts";
import { pythonText } from "./python-text.ts";

export interface Personalisation {
  /** Each key with its text, or with the items of a list. */
  values: Record<string, string | string[]>;
  /** Keys whose value is a file to be sent as a link. */
  files: string[];
}

const FILE_KEY = "file";

/** Null counts as not given; numbers, booleans and objects in a text take the words of Notify's API. */
export function toPersonalisation(json: JsonObject): Personalisation {
  const given = Object.entries(json).filter(([, value]) => value !== null);
  const files = given.filter(([, value]) => isFileObject(value)).map(([key]) => key);
  const texts = given.filter(([, value]) => !isFileObject(value)).map(([key, value]) => [key, textOrList(value)]);
  return { values: Object.fromEntries(texts) as Personalisation["values"], files };
}

/** Only an object directly under a placeholder's name is a file. */
export function isFileObject(value: JsonValue): value is JsonObject {
  return isJsonObject(value) && Object.hasOwn(value, FILE_KEY);
}

function textOrList(value: JsonValue): string | string[] {
  if (!Array.isArray(value)) return pythonText(value);
  return value.filter((item) => item !== null).map(pythonText);
}
