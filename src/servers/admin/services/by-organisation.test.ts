import { expect, it } from "vitest";
import { groupByOrganisation } from "./by-organisation.ts";

const service = (name: string, organisation?: string, isTrial = false) => ({
  id: name,
  name,
  isTrial,
  organisationId: organisation && `id of ${organisation}`,
  organisation,
});
const belongsTo = (name: string) => ({ organisationId: `id of ${name}`, name, mayMakeLive: false });

const CASES = [
  { name: "nothing", services: [], organisations: [], shown: [] },
  {
    name: "services of an organisation that one does not belong to, with those in trial mode apart",
    services: [service("Parks", "Northwold"), service("Tax", "Northwold", true)],
    organisations: [],
    shown: [["Northwold", undefined, ["Parks"], ["Tax"]]],
  },
  {
    name: "organisations by name, services of none last",
    services: [service("Alone"), service("Wards", "Trust"), service("Parks", "Northwold")],
    organisations: [],
    shown: [
      ["Northwold", undefined, ["Parks"], []],
      ["Trust", undefined, ["Wards"], []],
      [undefined, undefined, ["Alone"], []],
    ],
  },
  {
    name: "an organisation that one belongs to without working in its services, with its page",
    services: [],
    organisations: [belongsTo("Northwold")],
    shown: [["Northwold", "/orgs/id of Northwold", [], []]],
  },
];

it.each(CASES)("shows $name", ({ services, organisations, shown }) => {
  const groups = groupByOrganisation(services, organisations);
  const names = (list: readonly { name: string }[]) => list.map(({ name }) => name);
  expect(groups.map(({ organisation, url, live, trial }) => [organisation, url, names(live), names(trial)])).toEqual(
    shown,
  );
});
