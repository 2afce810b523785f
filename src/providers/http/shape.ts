/**
 * Says where a value does not have the shape it must have, in one line that names the place:
 * `send.answer.rules.0.means must be accepted, refused or unavailable`.
 */

/** What is wrong with a value found at a path; undefined when nothing is. */
export type Shape = (value: unknown, path: string) => string | undefined;

export const text: Shape = (value, path) =>
  typeof value === "string" && value !== "" ? undefined : `${path} must be a text`;

export const flag: Shape = (value, path) => (typeof value === "boolean" ? undefined : `${path} must be true or false`);

export const anything: Shape = (value, path) => (value === undefined ? `${path} is missing` : undefined);

export const httpStatus: Shape = (value, path) =>
  Number.isInteger(value) && Number(value) >= 100 && Number(value) <= 599
    ? undefined
    : `${path} must be an HTTP status`;

export const seconds: Shape = (value, path) =>
  Number.isInteger(value) && Number(value) > 0 ? undefined : `${path} must be a number of seconds`;

export const pattern: Shape = (value, path) =>
  text(value, path) ?? (isPattern(value) ? undefined : `${path} is no regular expression`);

export function oneOf(...choices: string[]): Shape {
  const words = choices.length === 1 ? choices[0] : `${choices.slice(0, -1).join(", ")} or ${choices.at(-1)}`;
  return (value, path) => (choices.some((choice) => choice === value) ? undefined : `${path} must be ${words}`);
}

export function optional(shape: Shape): Shape {
  return (value, path) => (value === undefined ? undefined : shape(value, path));
}

export function listOf(shape: Shape, options: { min?: number; max?: number } = {}): Shape {
  const { min = 0, max = Number.POSITIVE_INFINITY } = options;
  return (value, path) => {
    if (!Array.isArray(value)) return `${path} must be a list`;
    if (value.length < min || value.length > max)
      return `${path} must have ${min === max ? min : `at least ${min}`} items`;
    return first(value.map((item, index) => shape(item, `${path}.${index}`)));
  };
}

export function recordOf(shape: Shape): Shape {
  return (value, path) => {
    if (!isRecord(value)) return `${path} must be an object`;
    return first(Object.entries(value).map(([name, member]) => shape(member, `${path}.${name}`)));
  };
}

/** Every member is checked, and a member that is not named here is refused: it is likely misspelt. */
export function object(members: Record<string, Shape>): Shape {
  return (value, path) => {
    if (!isRecord(value)) return `${path || "the supplier"} must be an object`;
    const at = (name: string) => (path === "" ? name : `${path}.${name}`);
    const unknown = Object.keys(value).find((name) => !Object.hasOwn(members, name));
    if (unknown !== undefined) return `${at(unknown)} is not known`;
    return first(Object.entries(members).map(([name, shape]) => shape(value[name], at(name))));
  };
}

/** Chooses the shape by a member of the value, such as `format`. */
export function by(member: string, shapes: Record<string, Shape>): Shape {
  const known = oneOf(...Object.keys(shapes));
  return (value, path) => {
    if (!isRecord(value)) return `${path} must be an object`;
    return known(value[member], `${path}.${member}`) ?? shapes[String(value[member])]?.(value, path);
  };
}

/** Chooses the shape by whether the value has a member. */
export function having(member: string, shape: Shape, otherwise: Shape): Shape {
  return (value, path) => (isRecord(value) && Object.hasOwn(value, member) ? shape : otherwise)(value, path);
}

function first(problems: (string | undefined)[]): string | undefined {
  return problems.find((problem) => problem !== undefined);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPattern(value: unknown): boolean {
  try {
    return new RegExp(String(value)) !== undefined;
  } catch {
    return false;
  }
}
