import { describe, expect, it } from "vitest";
import { Refusal, type RefusalKind } from "../../../core/refusal.ts";
import { FormRefusal } from "../../../flow/form-refusal.ts";
import type { Answer } from "./answer.ts";
import { type Form, formOf, refuseIfInvalid, submit } from "./form.ts";

const VALUES = { name: "Reminder", body: "" };

async function submitWith(act: () => Promise<Answer>): Promise<{ answer: Answer; shown: Form | undefined }> {
  const shown: Form[] = [];
  const showAgain = (form: Form): Answer => {
    shown.push(form);
    return { status: 200, body: "the form" };
  };
  const answer = await submit({ values: VALUES, refusedAt: "name", act, showAgain });
  return { answer, shown: shown[0] };
}

describe("a form", () => {
  it("that is right is answered by what it did", async () => {
    const { answer, shown } = await submitWith(async () => ({ status: 303 }));
    expect([answer, shown]).toEqual([{ status: 303 }, undefined]);
  });

  it("is shown again with all that is wrong, in the order of its fields, and what was filled in", async () => {
    const { answer, shown } = await submitWith(async () => {
      refuseIfInvalid({ body: "Enter a message", name: undefined });
      return { status: 303 };
    });
    expect(answer).toEqual({ status: 400, body: "the form" });
    expect(shown).toEqual({
      values: VALUES,
      errors: { name: false, body: { text: "Enter a message" } },
      summary: [{ text: "Enter a message", href: "#body" }],
    });
  });

  it.each<RefusalKind>(["bad-request", "invalid", "conflict", "rate-limited", "limit-reached"])(
    "tells a refusal of kind %s at the field it is about",
    async (kind) => {
      const { shown } = await submitWith(() => Promise.reject(new Refusal(kind, "The name is taken")));
      expect(shown?.summary).toEqual([{ text: "The name is taken", href: "#name" }]);
    },
  );

  it("tells a refusal by fields at each of them, and at the field it is about what the form does not have", async () => {
    const { shown } = await submitWith(async () => {
      throw new FormRefusal([
        { field: "body", problem: "body-missing", message: "Enter a message" },
        { field: "body", problem: "body-long", message: "Enter less" },
        { field: "elsewhere", problem: "taken", message: "The name is taken" },
      ]);
    });
    expect(shown?.errors).toEqual({ name: { text: "The name is taken" }, body: { text: "Enter a message" } });
  });

  it.each([new Refusal("not-found", "gone"), new Refusal("unavailable", "away"), new Error("broken")])(
    "leaves %s to pages of their own",
    async (error) => {
      await expect(submitWith(() => Promise.reject(error))).rejects.toBe(error);
    },
  );

  it("without errors has no summary", () => {
    expect(formOf(VALUES)).toEqual({ values: VALUES, errors: { name: false, body: false }, summary: [] });
  });
});
