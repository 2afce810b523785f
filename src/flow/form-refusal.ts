/**
 * A form that cannot be taken as filled in: which field, and what is wrong with it, by a code that pages have words for.
 *
 *     throw new FormRefusal([{ field: "name", problem: "name-missing", message: "Enter a name" }]);
 */
import { Refusal } from "../core/refusal.ts";

export interface FieldProblem {
  field: string;
  /** A code, for the catalogue of texts. */
  problem: string;
  /** The same in plain words. */
  message: string;
}

export class FormRefusal extends Refusal {
  readonly problems: readonly FieldProblem[];

  constructor(problems: readonly FieldProblem[]) {
    super("invalid", problems.map(({ message }) => message).join(". "));
    this.problems = problems;
  }
}

/** Refuses when anything is wrong. */
export function refuseProblems(problems: readonly FieldProblem[]): void {
  if (problems.length > 0) throw new FormRefusal(problems);
}

export function fieldRefusal(field: string, problem: string, message: string): FormRefusal {
  return new FormRefusal([{ field, problem, message }]);
}
