import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { withoutFont } from "./assets.mjs";

it("GOV.UK's stylesheet is used without its typeface and its crest", () => {
  const theirs = readFileSync("node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.css", "utf8");
  const ours = withoutFont(theirs);
  expect(theirs).toMatch(/GDS Transport/);
  expect(ours).not.toMatch(/GDS Transport|crest|\/assets\//);
  expect(ours).toContain("font-family:var(--pp-font)");
});
