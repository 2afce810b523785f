/**
 * Reads plain data (from YAML, from code) into typed values, and refuses with the place of what is wrong:
 * `services.yaml:12: services.0.keys.1.kind must be live, team or test`.
 */
import { basename } from "node:path";
import { Refusal } from "../../core/refusal.ts";

export type Path = readonly (string | number)[];

/** A value where it was found. */
export interface Place {
  value: unknown;
  path: Path;
  source: Source;
}

/** Where the data came from, and what references in it stand for. */
interface Source {
  /** `services.yaml:12: ` for a place in a file; nothing where there are no lines. */
  locate(path: Path): string;
  environment: Readonly<Record<string, string | undefined>>;
  /** What a path stands for, from where the data is; undefined where that is nowhere. */
  readFile?: (path: string) => Buffer;
}

export type Read<T> = (place: Place) => T;

const REFERENCE = /^\$\{([A-Za-z_][A-Za-z0-9_]*)\}$/;

/** Says no, because of what is at this place (or at one below it). */
export function refuseAt(place: Pick<Place, "path" | "source">, message: string): never {
  throw new Refusal("invalid", `${place.source.locate(place.path)}${place.path.join(".") || "the file"} ${message}`);
}

export const text: Read<string> = (place) => {
  if (typeof place.value !== "string") return refuseAt(place, `must be a text${quoteHint(place.value)}`);
  return place.value.trim() === "" ? refuseAt(place, "must not be empty") : place.value;
};

/** YAML reads 07700900123 as a number and drops what it cannot keep. */
function quoteHint(value: unknown): string {
  return typeof value === "number" || typeof value === "boolean" ? ": put it in quotes" : "";
}

export const flag: Read<boolean> = (place) =>
  typeof place.value === "boolean" ? place.value : refuseAt(place, "must be true or false");

export function integer(min: number, max: number): Read<number> {
  return (place) => {
    const { value } = place;
    if (Number.isInteger(value) && Number(value) >= min && Number(value) <= max) return Number(value);
    return refuseAt(place, `must be a whole number from ${min} to ${max}`);
  };
}

export function oneOf<const Choice extends string>(choices: readonly Choice[]): Read<Choice> {
  const words = choices.length > 1 ? `${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}` : choices[0];
  return (place) =>
    choices.find((choice) => choice === place.value) ?? refuseAt(place, `must be ${words}, not ${shown(place.value)}`);
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 40) ?? "nothing";
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const id: Read<string> = (place) => {
  const value = text(place).toLowerCase();
  return UUID.test(value) ? value : refuseAt(place, "must be a UUID");
};

/** A secret as it is, or `${NAME}`: what the environment has under that name. */
export const secret: Read<string> = (place) => {
  const given = text(place);
  const name = REFERENCE.exec(given)?.[1];
  if (name === undefined) return given;
  return place.source.environment[name] || refuseAt(place, `asks for ${given}, which is not set in the environment`);
};

export interface NamedFile {
  /** The last part of its path. */
  name: string;
  bytes: Buffer;
}

/** A file, by its path from the file that names it. */
export const file: Read<NamedFile> = (place) => {
  const path = text(place);
  const { readFile } = place.source;
  if (!readFile) return refuseAt(place, "cannot name a file here");
  try {
    return { name: basename(path), bytes: readFile(path) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return refuseAt(place, `names a file that cannot be read: ${code ?? message}`);
  }
};

/** A text that a rule of ours parses; what the rule refuses or does not know is refused in these words. */
export function parsed<T>(parse: (text: string) => T | undefined, message: string): Read<T> {
  return (place) => attempt(parse, text(place)) ?? refuseAt(place, message);
}

function attempt<T>(parse: (text: string) => T | undefined, value: string): T | undefined {
  try {
    return parse(value);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

export function listOf<T>(read: Read<T>): Read<T[]> {
  return (place) => {
    const { value, path, source } = place;
    if (!Array.isArray(value)) return refuseAt(place, "must be a list");
    return value.map((item, index) => read({ value: item, path: [...path, index], source }));
  };
}

export const anything: Read<unknown> = (place) => place.value;

export function recordOf<T>(read: Read<T>): Read<Record<string, T>> {
  return (place) => {
    const entries = Object.entries(record(place));
    const under = (name: string, value: unknown) => ({ value, path: [...place.path, name], source: place.source });
    return Object.fromEntries(entries.map(([name, value]) => [name, read(under(name, value))]));
  };
}

/** A value, or the word `none` for the lack of one. */
export const NONE = "none";
export function orNone<T>(read: Read<T>): Read<T | typeof NONE> {
  return (place) => (place.value === NONE ? NONE : read(place));
}

/** Marks a field that may be left out; what is left out is as it was. */
export function optional<T>(read: Read<T>): Read<T | undefined> {
  return (place) => (place.value === undefined ? undefined : read(place));
}

type Fields = Record<string, Read<unknown>>;
type Values<Of extends Fields> = { [Name in keyof Of]: ReturnType<Of[Name]> };

/** Every field is read, and one that is not named here is refused: it is likely misspelt. Says where it was found. */
export function object<Of extends Fields>(fields: Of): Read<Values<Of> & { at: Place }> {
  return (place) => {
    const value = record(place);
    const unknown = Object.keys(value).find((name) => !Object.hasOwn(fields, name));
    if (unknown !== undefined) refuseUnknown(place, unknown, Object.keys(fields));
    const entries = Object.entries(fields).map(([name, read]) => {
      const below = { value: value[name], path: [...place.path, name], source: place.source };
      if (below.value === null) refuseAt(below, "must have a value; leave it out to keep what is there");
      return [name, readField(read, below, place)] as const;
    });
    return { ...(Object.fromEntries(entries) as Values<Of>), at: place };
  };
}

/** What is missing has no line of its own: its owner's is named. */
function readField<T>(read: Read<T>, below: Place, owner: Place): T {
  if (below.value !== undefined) return read(below);
  const source = { ...below.source, locate: () => owner.source.locate(owner.path) };
  try {
    return read({ ...below, source });
  } catch {
    return refuseAt({ path: below.path, source }, "is missing");
  }
}

function refuseUnknown(place: Place, name: string, known: readonly string[]): never {
  return refuseAt({ path: [...place.path, name], source: place.source }, `is not known here: ${known.join(", ")} are`);
}

function record(place: Place): Record<string, unknown> {
  const { value } = place;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  return refuseAt(place, "must have named values");
}
