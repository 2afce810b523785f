/** Reads the fields of one object of a request in Messente's shape, and notes what is wrong with each. */
import type { JsonObject } from "../../../core/json/json-value.ts";
import type { Rule } from "../schema/checker.ts";
import type { Problem } from "./refusals.ts";

export class Reader {
  readonly #json: JsonObject;
  readonly #to: { problems: Problem[]; now: Date; path: string };

  constructor(json: JsonObject, to: { problems: Problem[]; now: Date; path: string }) {
    this.#json = json;
    this.#to = to;
  }

  required<T>(name: string, rule: Rule<T>): T | undefined {
    if (this.#json[name] === undefined) this.#note("106", name, "is missing");
    return this.optional(name, rule);
  }

  optional<T>(name: string, rule: Rule<T>): T | undefined {
    const value = this.#json[name];
    if (value === undefined || value === null) return undefined;
    const judged = rule(value, this.#to.now);
    if (judged.kind === "fits") return judged.value;
    this.#note("104", name, judged.problems.join("; "));
    return undefined;
  }

  refuseOthers(names: readonly string[]): void {
    for (const name of Object.keys(this.#json)) if (!names.includes(name)) this.#note("104", name, "is not known");
  }

  #note(code: Problem["code"], name: string, what: string): void {
    const { problems, path } = this.#to;
    problems.push({ code, detail: `${name} ${what}`, source: path + name });
  }
}
