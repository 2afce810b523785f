/**
 * Pages that are one form and a few words: where it is, what it asks for, and what is done with it.
 *
 *     formRoutes({ url: "/account/name", who: "signed-in", fields: ["name"], page: nameForm, act: changeName })
 */
import type { Answer } from "../http/answer.ts";
import { type Form, formOf, readFields, submit, type Values } from "../http/form.ts";
import { page } from "../http/page.ts";
import type { Route } from "../http/route.ts";
import type { UserVisit, Visit } from "../http/visit.ts";

export interface FieldWords {
  label: string;
  /** `code`: digits of a one-time code. Neither codes nor passwords are filled in again. */
  type: "text" | "email" | "tel" | "password" | "code";
  hint?: string;
  autocomplete?: string;
  /** What is in it at first. */
  value?: string;
}

export interface FormPage<Name extends string> {
  title: string;
  paragraphs?: readonly string[];
  /** In the order in which they are asked for. */
  fields: Readonly<Record<Name, FieldWords>>;
  button: string;
  /** It takes something away. */
  isWarning?: boolean;
  /** Where to go instead. */
  otherwise?: { text: string; href: string };
}

interface VisitsBy {
  anyone: Visit;
  "signed-in": UserVisit;
}

export interface FormPlan<Who extends keyof VisitsBy, Name extends string> {
  url: string;
  who: Who;
  /** What is refused without naming a field is told under the first. */
  fields: readonly Name[];
  page: (visit: VisitsBy[Who]) => FormPage<Name> | Promise<FormPage<Name>>;
  act: (visit: VisitsBy[Who], values: Values<Name>) => Promise<Answer>;
}

interface ShownField extends FieldWords {
  name: string;
}

interface ShownPage {
  title: string;
  paragraphs: readonly string[];
  action: string;
  fields: readonly ShownField[];
  form: Form;
  button: string;
  isWarning: boolean;
  otherwise: { text: string; href: string } | undefined;
}

/** Where what is wrong with a form without fields is told: at its button. */
const BUTTON_ID = "button";

const showForm = page<ShownPage>("plain/form-page.njk");

/** One such page by itself, as it is at first. */
export function formPage<Name extends string>(visit: Visit, words: FormPage<Name>): Answer {
  return formPageOf(visit, words, formOf(startOf(words)));
}

/** The same as it was filled in. */
export function formPageOf<Name extends string>(visit: Visit, words: FormPage<Name>, form: Form): Answer {
  const { title, button, paragraphs = [], isWarning = false, otherwise } = words;
  const fields = fieldsOf(words.fields);
  return showForm(visit, { title, button, paragraphs, isWarning, otherwise, fields, form, action: visit.url });
}

/** The form at `url`, and what takes it there. */
export function formRoutes<Who extends keyof VisitsBy, Name extends string>(
  plan: FormPlan<Who, Name>,
): readonly Route[] {
  const { url, who } = plan;
  return [
    { method: "GET", url, who, handler: (visit: VisitsBy[Who]) => showEmpty(visit, plan) },
    { method: "POST", url, who, handler: (visit: VisitsBy[Who]) => take(visit, plan) },
  ];
}

async function showEmpty<Who extends keyof VisitsBy, Name extends string>(
  visit: VisitsBy[Who],
  plan: FormPlan<Who, Name>,
): Promise<Answer> {
  return formPage(visit, await plan.page(visit));
}

async function take<Who extends keyof VisitsBy, Name extends string>(
  visit: VisitsBy[Who],
  plan: FormPlan<Who, Name>,
): Promise<Answer> {
  const values = readFields(visit, plan.fields);
  return submit<string>({
    values: plan.fields.length > 0 ? values : { [BUTTON_ID]: "" },
    refusedAt: plan.fields[0] ?? BUTTON_ID,
    act: () => plan.act(visit, values),
    showAgain: async (form) => formPageOf(visit, await plan.page(visit), form),
  });
}

function startOf<Name extends string>({ fields }: FormPage<Name>): Record<string, string> {
  return Object.fromEntries(fieldsOf(fields).map(({ name, value = "" }) => [name, value]));
}

function fieldsOf(fields: Readonly<Record<string, FieldWords>>): ShownField[] {
  return Object.entries(fields).map(([name, words]) => ({ name, ...words }));
}
