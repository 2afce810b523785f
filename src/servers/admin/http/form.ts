/**
 * Forms: what was filled in, what is wrong with it, and the same form again. In a view, `form.values.name` fills a field and
 * `form.errors.name` is what its macro takes as `errorMessage`; the layout shows the summary and takes the focus there.
 */
import { Refusal, type RefusalKind } from "../../../core/refusal.ts";
import { FormRefusal } from "../../../flow/form-refusal.ts";
import type { Answer } from "./answer.ts";
import type { Visit } from "./visit.ts";

/** What a person can mend by filling in the form differently, or by waiting. The rest are pages of their own. */
const MENDABLE: readonly RefusalKind[] = [
  "bad-request",
  "invalid",
  "invalid-phone",
  "conflict",
  "forbidden",
  "suppressed",
  "rate-limited",
  "limit-reached",
  "not-covered",
];

export type Values<Name extends string> = Readonly<Record<Name, string>>;
/** By field, in words of the catalogue. */
export type FieldErrors = Readonly<Record<string, string | undefined>>;

export interface Form<Name extends string = string> {
  values: Values<Name>;
  /** As the field macros take it: false is none. */
  errors: Readonly<Record<Name, { text: string } | false>>;
  /** As the error summary's macro takes it; fields have their name as id. */
  summary: readonly { text: string; href: string }[];
}

/** Thrown by what reads a form, with all that is wrong with it, in words of the catalogue. */
export class InvalidFields extends Error {
  readonly errors: FieldErrors;

  constructor(errors: FieldErrors) {
    super("the form is not filled in as it must be");
    this.errors = errors;
  }
}

/** The first value of each field, as typed; "" when it was not sent. */
export function readFields<Name extends string>(visit: Visit, names: readonly Name[]): Values<Name> {
  const entries = names.map((name) => [name, visit.body.get(name)?.[0] ?? ""]);
  return Object.fromEntries(entries) as Values<Name>;
}

/** All values of a field that may be there several times, such as ticked boxes. */
export function readList(visit: Visit, name: string): readonly string[] {
  return visit.body.get(name) ?? [];
}

/** Refuses the form unless no field has an error; undefined is none. */
export function refuseIfInvalid(errors: Readonly<Record<string, string | undefined | false>>): void {
  const found = Object.entries(errors).filter((entry): entry is [string, string] => Boolean(entry[1]));
  if (found.length > 0) throw new InvalidFields(Object.fromEntries(found));
}

/** A form to show: filled in with `values`, with its errors if it has any. */
export function formOf<Name extends string>(values: Values<Name>, errors: FieldErrors = {}): Form<Name> {
  const names = Object.keys(values) as Name[];
  const texts = names.map((name) => [name, errors[name]] as const);
  return {
    values,
    errors: Object.fromEntries(texts.map(([name, text]) => [name, text ? { text } : false])) as Form<Name>["errors"],
    summary: texts.flatMap(([name, text]) => (text ? [{ text, href: `#${name}` }] : [])),
  };
}

export interface Submission<Name extends string> {
  values: Values<Name>;
  /** The field under which a `Refusal` that names no field of the form is told. */
  refusedAt: NoInfer<Name>;
  /** Does what the form asks for; throws `InvalidFields` or a `Refusal` when that cannot be done. */
  act: () => Promise<Answer>;
  /** The page with the form again, which is answered with status 400. */
  showAgain: (form: Form<Name>) => Answer | Promise<Answer>;
}

/** Acts on a form, or shows it again with what is wrong. Refusals that nobody can mend in a form pass through. */
export async function submit<Name extends string>({
  values,
  refusedAt,
  act,
  showAgain,
}: Submission<Name>): Promise<Answer> {
  try {
    return await act();
  } catch (error) {
    const errors = fieldErrorsOf(error, { values, refusedAt });
    if (!errors) throw error;
    return { ...(await showAgain(formOf(values, errors))), status: 400 };
  }
}

function fieldErrorsOf(
  error: unknown,
  { values, refusedAt }: Pick<Submission<string>, "values" | "refusedAt">,
): FieldErrors | undefined {
  if (error instanceof InvalidFields) return error.errors;
  if (error instanceof FormRefusal) {
    const told = error.problems.map(({ field, message }) => [field in values ? field : refusedAt, message] as const);
    return Object.fromEntries(told.toReversed()); // the first of a field's problems is the one that is told
  }
  const isMendable = error instanceof Refusal && MENDABLE.includes(error.kind);
  return isMendable ? { [refusedAt]: error.message } : undefined;
}
