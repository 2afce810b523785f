import { afterAll, beforeAll, expect, it } from "vitest";
import { stringify } from "yaml";
import { createWorld, type World } from "../../../test/support/world.ts";
import { exportDeclaration } from "../export.ts";
import { applyDeclaration } from "./apply.ts";
import { readDeclaration } from "./declaration.ts";
import { parseFile } from "./parse-file.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const CONNECTION = {
  ...{ name: "Our CRM", kind: "pipedrive", template: "Welcome", recipient: "data.phones[0].value" },
  ...{ fields: { name: "data.name" }, conditions: ["meta.action is create"], event: "meta.id" },
};

function fileWith(...connections: object[]): string {
  const templates = [
    { channel: "sms", name: "Welcome", body: "Hello ((name))" },
    { channel: "letter", name: "Letter", subject: "Hello", body: "Hello" },
  ];
  return stringify({ services: [{ name: "Northwold Parks", templates, connections }] });
}

function apply(text: string, { prunes = false } = {}) {
  const declaration = readDeclaration(parseFile(text, { name: "connections.yaml", environment: {} }));
  return applyDeclaration(world.app.db, world.app.keys, {
    declaration,
    actor: "pennypost apply",
    prunes,
    isDryRun: false,
  });
}

const connectionChanges = async (text: string, options = {}) =>
  (await apply(text, options)).changes.filter(({ kind }) => kind === "connection").map(({ action }) => action);

it("connections come from a file, with a secret that is said once, and go back into one without it", async () => {
  const made = await apply(fileWith(CONNECTION));
  expect(made.secrets).toMatchObject([
    { kind: "connection secret", name: "Our CRM of Northwold Parks", value: expect.stringMatching(/^[\w-]{43}$/) },
  ]);
  expect((await apply(fileWith(CONNECTION))).changes).toEqual([]);
  const { declaration } = await exportDeclaration(world.app.db, world.app.keys);
  const text = stringify(declaration);
  expect(declaration).toMatchObject({
    services: [{ connections: [{ ...CONNECTION, template: expect.any(String), repeat_days: 7, on: true }] }],
  });
  expect(text).not.toContain(made.secrets[0]?.value);
  expect(await connectionChanges(text)).toEqual([]);
  expect(await connectionChanges(fileWith({ ...CONNECTION, on: false, repeat_days: 3 }))).toEqual(["updated"]);
  expect(await connectionChanges(fileWith({ ...CONNECTION, repeat_days: 3 }))).toEqual([]);
  expect(await connectionChanges(fileWith(), { prunes: true })).toEqual(["removed"]);
});

it.each([
  [{ kind: "fax" }, "kind must be"],
  [{ template: "Letter" }, "is not a text or an email among the service's templates"],
  [{ recipient: "a b" }, "must be where something stands"],
  [{ conditions: ["status = a"] }, "must be a condition"],
  [{ repeat_days: 31 }, "must be a whole number from 1 to 30"],
  [{ kind: "salesforce" }, "Enter your Salesforce organization ID"],
  [{ name: "x".repeat(61) }, "Enter a name of up to 60 characters"],
])("a connection with %j is refused where it stands", async (change, message) => {
  await expect((async () => apply(fileWith({ ...CONNECTION, ...change })))()).rejects.toThrow(message);
});
