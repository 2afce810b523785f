import { describe, expect, it } from "vitest";
import { contactBlockProblem } from "./check-contact-block.ts";

describe("a contact block", () => {
  it.each([
    ["", "missing"],
    [" \n\n", "missing"],
    ["One\nTwo, three ((four))", undefined],
    [`\n${"line\n".repeat(10)}\n`, undefined],
    ["line\n".repeat(11), "too-many-lines"],
    ["((one, two))", "comma-in-placeholder"],
    ["((one??two, three))", undefined],
  ])("%j is %s", (contactBlock, problem) => {
    expect(contactBlockProblem(contactBlock)).toBe(problem);
  });
});
