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

function apply(areas: string, { prunes = false } = {}) {
  return applyText(`services: [{ name: Northwold, areas: ${areas} }]`, prunes);
}

async function applyText(text: string, prunes = false) {
  const declaration = readDeclaration(parseFile(text, { name: "areas.yaml", environment: {} }));
  const options = { declaration, actor: "pennypost apply", prunes, isDryRun: false };
  return (await applyDeclaration(world.app.db, world.app.keys, options)).changes;
}

const TOWN = "{ name: Town, circle: { latitude: 51.752, longitude: -1.2577, radius_km: 5 } }";
const QUAY = '{ name: Quay, corners: "51.7,-1.3 51.8,-1.3 51.8,-1.2" }';

it("areas come from a file, change, go, and go back into one", async () => {
  const made = await apply(`[${TOWN}, ${QUAY}]`);
  expect(made.map(({ kind, name, action }) => `${kind} ${name} ${action}`)).toEqual([
    "service Northwold created",
    "area Town of Northwold created",
    "area Quay of Northwold created",
  ]);
  expect(await apply(`[${TOWN}, ${QUAY}]`)).toEqual([]);
  const [change] = await apply(`[${TOWN.replace("km: 5", "km: 6")}]`);
  expect([change?.before, change?.after]).toEqual([{ area: "51.752,-1.2577 5" }, { area: "51.752,-1.2577 6" }]);
  const { declaration } = await exportDeclaration(world.app.db, world.app.keys);
  expect(declaration).toMatchObject({
    services: [
      {
        areas: [
          { name: "Quay", corners: "51.7,-1.3\n51.8,-1.3\n51.8,-1.2" },
          { name: "Town", circle: { latitude: 51.752, longitude: -1.2577, radius_km: 6 } },
        ],
      },
    ],
  });
  expect(await applyText(stringify(declaration))).toEqual([]);
  const [gone] = await apply(`[${QUAY}]`, { prunes: true });
  expect([gone?.action, gone?.name]).toEqual(["removed", "Town of Northwold"]);
});

it.each([
  ["{ name: A }", "must have a circle or corners, and not both"],
  ['{ name: A, circle: { latitude: 51, longitude: 0, radius_km: 1 }, corners: "1,1 2,2 3,1" }', "and not both"],
  ["{ name: A, circle: { latitude: 91, longitude: 0, radius_km: 1 } }", "has a centre that is not in degrees"],
  ["{ name: A, circle: { latitude: 51, longitude: 0, radius_km: 0 } }", "must have a radius of 0.01 to 5000 km"],
  ['{ name: A, corners: "51,0 52,0" }', "must have at least 3 corners"],
  [`${TOWN}, ${TOWN.replace("Town", "TOWN")}`, "has the name of another area, Town, but for capitals"],
])("[%s] is refused", async (areas, message) => {
  await expect(async () => apply(`[${areas}]`)).rejects.toThrow(message);
});
