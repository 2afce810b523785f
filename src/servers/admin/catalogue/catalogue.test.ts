import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { en } from "./en.ts";
import { textIn } from "./text.ts";
import type { Texts } from "./wording.ts";

const ADMIN = fileURLToPath(new URL("..", import.meta.url));
const AREAS = readdirSync(new URL("en", import.meta.url)).map((file) => file.replace(/\.ts$/, ""));
const text = textIn("en");

function camelCase(area: string): string {
  return area.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

async function textsOf(area: string): Promise<Texts> {
  const module = (await import(`./en/${area}.ts`)) as Record<string, Texts>;
  return module[camelCase(area)] ?? {};
}

describe.each(AREAS)("the texts of %s", (area) => {
  it("are in the catalogue, under the area's name", async () => {
    const keys = Object.keys(await textsOf(area));
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.filter((key) => !key.startsWith(`${camelCase(area)}.`) || !(key in en))).toEqual([]);
  });
});

describe("a view", () => {
  const views = readdirSync(ADMIN, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".njk"));

  it.each(views)("%s says only what is in the catalogue", (view) => {
    const source = readFileSync(`${ADMIN}/${view}`, "utf8");
    const keys = [...source.matchAll(/\btext\("([^"]+)"\s*([,)])/g)].map(([, key]) => key ?? "");
    expect(keys.filter((key) => !(key in en))).toEqual([]);
  });
});

describe("a text", () => {
  it("is filled in with its values, numbers in the way of the language", () => {
    expect(text("layout.signedInAs", { name: "Amala" })).toBe("Signed in as Amala");
  });

  it("that is not there, or lacks a value, is a mistake and not a gap", () => {
    expect(() => text("nobody.says.this" as "signIn.title")).toThrow("no text nobody.says.this");
    expect(() => (text as (key: string, values: object) => string)("layout.signedInAs", {})).toThrow("{name}");
  });
});
