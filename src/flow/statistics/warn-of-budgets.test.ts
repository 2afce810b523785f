import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPeopleWorld, type PeopleWorld } from "../../../test/support/people.ts";
import type { WorldService } from "../../../test/support/world.ts";
import { dayOf } from "../../core/calendar/home-day.ts";
import { newRandomId } from "../../platform/ids.ts";
import { insertMember, type MemberPermission } from "../../records/services/member-store.ts";
import { warnOfBudgets } from "./warn-of-budgets.ts";

let world: PeopleWorld;
let people = 0;
beforeAll(async () => {
  world = await createPeopleWorld();
});
afterAll(() => world.close());

async function serviceWith(name: string, budget: number | undefined): Promise<WorldService> {
  const service = await world.service({ name });
  await setBudget(service, budget);
  return service;
}

async function setBudget({ id }: WorldService, budget: number | undefined): Promise<void> {
  await world.app.db.query`update services set monthly_budget = ${budget ?? null} where id = ${id}`;
}

/** Answers the address of somebody in the team. */
async function member({ id: serviceId }: WorldService, permission: MemberPermission): Promise<string> {
  people += 1;
  const { id: userId, emailAddress } = await world.user({ emailAddress: `person${people}@example.org` });
  await world.app.db.transaction((tx) => insertMember(tx, { serviceId, userId, permissions: [permission] }));
  return emailAddress;
}

/** At 2.4 pence a fragment. */
async function spend({ id }: WorldService, fragments: number, { keyKind = "live", day = today() } = {}): Promise<void> {
  await world.app.db.query`
    insert into daily_statistics (service_id, day, channel, key_kind, template_id, status, code, rate_multiplier, country_prefix,
      messages, fragments)
    values (${id}, ${day}::date, 'sms', ${keyKind}, ${newRandomId()}, 'delivered', '', 1, '44', ${fragments}, ${fragments})`;
}

const today = () => dayOf(world.app.clock.now());

async function subjects(address: string): Promise<string[]> {
  return (await world.mailTo(address)).map(({ subject = "" }) => subject.replace(/ of its budget.*/, ""));
}

describe("those who manage a service", () => {
  it("are told once at each share of its budget, and nobody else is", async () => {
    const service = await serviceWith("Northwold Parks", 10);
    const manager = await member(service, "manage_service");
    const other = await member(service, "view_activity");
    await spend(service, 100);
    expect(await warnOfBudgets(world.app)).toEqual({ warned: 0 });
    await spend(service, 250);
    expect(await warnOfBudgets(world.app)).toEqual({ warned: 1 });
    expect(await warnOfBudgets(world.app)).toEqual({ warned: 0 });
    expect(await subjects(manager)).toEqual(["Northwold Parks has spent 84 %"]);
    await spend(service, 100);
    expect(await warnOfBudgets(world.app)).toEqual({ warned: 1 });
    expect(await warnOfBudgets(world.app)).toEqual({ warned: 0 });
    expect(await subjects(manager)).toEqual(["Northwold Parks has spent 108 %", "Northwold Parks has spent 84 %"]);
    expect((await world.mailTo(manager))[0]?.body).toContain("spent £10.80 so far: 108 %");
    expect(await subjects(other)).toEqual([]);
  });

  it("are told of all of it alone where both shares are passed at once, and again of another budget", async () => {
    const service = await serviceWith("Northwold Museum", 10);
    const manager = await member(service, "manage_service");
    await spend(service, 500);
    await warnOfBudgets(world.app);
    await warnOfBudgets(world.app);
    expect(await subjects(manager)).toEqual(["Northwold Museum has spent 120 %"]);
    await setBudget(service, 14);
    await warnOfBudgets(world.app);
    expect(await subjects(manager)).toEqual(["Northwold Museum has spent 85 %", "Northwold Museum has spent 120 %"]);
  });

  it("are not told twice when a run broke off after it had told them", async () => {
    const service = await serviceWith("Northwold Baths", 10);
    const manager = await member(service, "manage_service");
    await spend(service, 500);
    await warnOfBudgets(world.app);
    await world.app.db.query`delete from budget_warnings where service_id = ${service.id}`;
    await warnOfBudgets(world.app);
    expect(await subjects(manager)).toHaveLength(1);
  });

  it("are told nothing without a budget, nor for what test keys sent or another month cost", async () => {
    const services = [await serviceWith("Northwold Clinics", undefined), await serviceWith("Northwold Ferries", 10)];
    for (const service of services) {
      const manager = await member(service, "manage_service");
      await spend(service, 5_000, service === services[0] ? {} : { keyKind: "test" });
      await spend(service, 5_000, service === services[0] ? {} : { day: "2024-06-01" });
      await warnOfBudgets(world.app);
      expect(await subjects(manager)).toEqual([]);
    }
  });
});
