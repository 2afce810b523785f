import { afterAll, beforeAll, expect, it } from "vitest";
import { stringify } from "yaml";
import { createWorld, type World } from "../../../test/support/world.ts";
import { listContentRules } from "../../records/content-rules/content-rule-store.ts";
import { exportDeclaration } from "../export.ts";
import { applyDeclaration } from "./apply.ts";
import { readDeclaration } from "./declaration.ts";
import { parseFile } from "./parse-file.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

function apply(text: string, { prunes = false } = {}) {
  const declaration = readDeclaration(parseFile(text, { name: "protection.yaml", environment: {} }));
  const options = { declaration, actor: "pennypost apply", prunes, isDryRun: false };
  return applyDeclaration(world.app.db, world.app.keys, options);
}

const RULES = `
services:
  - name: Northwold Parks
    content_rules:
      - { name: Our links, forbids: unlisted-links, list: [https://Example.org/], channels: [sms], countries: ["33"], action: hold }
content_rules:
  - { name: Prizes, forbids: words, list: [free prize, casino] }
`;

it("rules for what messages may say come from a file, for a service and for the installation, and go back into one", async () => {
  expect((await apply(RULES)).changes.map(({ kind, name, action }) => `${kind} ${name} ${action}`)).toEqual([
    "service Northwold Parks created",
    "content rule Our links of Northwold Parks created",
    "content rule Prizes created",
  ]);
  expect((await apply(RULES)).changes).toEqual([]);
  const { declaration } = await exportDeclaration(world.app.db, world.app.keys);
  expect(declaration).toMatchObject({
    services: [
      { content_rules: [{ name: "Our links", forbids: "unlisted-links", action: "hold", list: ["example.org"] }] },
    ],
    content_rules: [{ name: "Prizes", list: ["free prize", "casino"], channels: ["sms", "email"], countries: [] }],
  });
  expect((await apply(stringify(declaration))).changes).toEqual([]);
  await apply("content_rules: []", { prunes: true });
  expect(await listContentRules(world.app.db, undefined)).toEqual([]);
});

it.each([
  ["{ name: A, forbids: words }", "Enter a word or a phrase"],
  ["{ name: A, forbids: unlisted-links, list: [nothing] }", "Enter a domain"],
  ["{ name: A, forbids: links, channels: [] }", "Choose where it holds"],
  ['{ name: A, forbids: links, channels: [email], countries: ["33"] }', "Countries are of text messages"],
  ["{ name: A, forbids: pictures }", "must be words, links"],
])("%s is refused", async (rule, message) => {
  await expect(async () => apply(`content_rules: [${rule}]`)).rejects.toThrow(message);
});

it("the time in which messages can be undone comes from a file, and goes back into one", async () => {
  const file = "services: [{ name: Northwold Pools, undo: { seconds: 30, lanes: [low, normal] } }]";
  await apply(file);
  expect((await apply(file)).changes).toEqual([]);
  const { declaration } = await exportDeclaration(world.app.db, world.app.keys);
  const services = declaration.services as { name: string; undo: object }[];
  expect(services.find(({ name }) => name === "Northwold Pools")?.undo).toEqual({
    seconds: 30,
    lanes: ["normal", "low"],
  });
  expect((await apply(stringify(declaration))).changes).toEqual([]);
});

it("the limits above which two people release come from a file, and go back into one", async () => {
  const file = "services: [{ name: Northwold Baths, release: { above: 500, within_hours: 48 } }]";
  await apply(file);
  expect((await apply(file)).changes).toEqual([]);
  const { declaration } = await exportDeclaration(world.app.db, world.app.keys);
  const services = declaration.services as { name: string; release: object }[];
  const release = { above: 500, above_cost: 0, within_hours: 48 };
  expect(services.find(({ name }) => name === "Northwold Baths")?.release).toEqual(release);
  const [change] = (await apply(file.replace("above: 500", "above: 500, above_pounds: 20"))).changes;
  expect(change?.after).toEqual({ releaseAbovePounds: 20 });
  await expect(async () => apply(file.replace("48", "73"))).rejects.toThrow("whole number from 1 to 72");
});

it("guards against floods come from a file, for a service and for the installation, and go back into one", async () => {
  const file = `
services:
  - { name: Northwold Halls, flood_guard: [{ counts: prefix, at_least: 200, action: hold }] }
flood_guard:
  - { counts: spend, at_least: 50, times_usual: 0, window_minutes: 30, stops_minutes: 0 }
`;
  expect((await apply(file)).changes.map(({ kind, name, action }) => `${kind} ${name} ${action}`)).toEqual([
    "service Northwold Halls created",
    "flood guard prefix of Northwold Halls created",
    "flood guard spend created",
  ]);
  expect((await apply(file)).changes).toEqual([]);
  const { declaration } = await exportDeclaration(world.app.db, world.app.keys);
  const usual = { times_usual: 5, window_minutes: 60, prefix_digits: 4, stops_minutes: 60 };
  const services = declaration.services as { name: string; flood_guard: object[] }[];
  const guards = services.find(({ name }) => name === "Northwold Halls")?.flood_guard;
  expect(guards).toEqual([{ counts: "prefix", action: "hold", at_least: 200, ...usual }]);
  expect(declaration.flood_guard).toMatchObject([
    { counts: "spend", action: "refuse", at_least: 50, stops_minutes: 0 },
  ]);
  expect((await apply(stringify(declaration))).changes).toEqual([]);
  await expect(async () => apply("flood_guard: [{ counts: colour }]")).rejects.toThrow("must be prefix");
  await expect(async () => apply("flood_guard: [{ counts: spend, at_least: 0 }]")).rejects.toThrow("from 1 to 1000000");
});
