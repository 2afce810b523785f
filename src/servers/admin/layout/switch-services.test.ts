import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World, type WorldService } from "../../../../test/support/world.ts";
import { insertMember } from "../../../records/services/member-store.ts";
import { SERVICES_TO_SWITCH_MAX } from "../../../records/sessions/session-store.ts";

let world: World;
let admin: TestAdmin;
beforeAll(async () => {
  world = await createWorld();
  admin = await startAdmin(world.app);
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

async function join({ userId }: Person, service: WorldService): Promise<void> {
  await world.app.db.transaction((tx) => insertMember(tx, { serviceId: service.id, userId, permissions: [] }));
}

/** The links of the menu, in order, by their words; the one that is open ends with a tick. */
async function menu(person: Person, path: string): Promise<string[]> {
  const { text } = await person.get(path);
  const [, panel = ""] = /<nav class="pp-menu__panel" aria-label="Services">([\s\S]*?)<\/nav>/.exec(text) ?? [];
  return [...panel.matchAll(/<a ([^>]*)>([^<]*)<\/a>/g)].map(
    ([, attributes = "", words = ""]) => words + (attributes.includes('aria-current="true"') ? " ✓" : ""),
  );
}

describe("the menu of services", () => {
  it("is not there for who has no other to go to", async () => {
    const only = await world.service({ name: "Northwold Only" });
    const person = await admin.person({ in: only });
    expect(await menu(person, `/services/${only.id}/templates`)).toEqual([]);
    expect(await menu(await admin.person(), "/account")).toEqual([]);
    expect(await menu(admin.stranger(), "/privacy")).toEqual([]);
  });

  it("leads from one service to another by name, marks the one that is open, and leaves out what was deleted", async () => {
    const parks = await world.service({ name: "Northwold Parks & Lawns" });
    const person = await admin.person({ in: parks });
    const baths = await world.service({ name: "northwold baths" });
    const gone = await world.service({ name: "Northwold Gone" });
    await world.service({ name: "Northwold Strangers" });
    await join(person, baths);
    await join(person, gone);
    await world.app.db.query`update services set archived_at = now() where id = ${gone.id}`;
    const ofParks = await menu(person, `/services/${parks.id}/templates`);
    expect(ofParks).toEqual(["northwold baths", "Northwold Parks &amp; Lawns ✓", "All your services"]);
    expect(await menu(person, "/account")).toEqual([
      ...["northwold baths", "Northwold Parks &amp; Lawns", "All your services"],
    ]);
    const { text } = await person.get("/account");
    expect(text).toContain(`href="/services/${baths.id}"`);
  });

  it("has no more than fit on a screen, and leads to all of them", async () => {
    const first = await world.service({ name: "Office 00" });
    const person = await admin.person({ in: first });
    for (let nth = 1; nth <= SERVICES_TO_SWITCH_MAX; nth++)
      await join(person, await world.service({ name: `Office ${String(nth).padStart(2, "0")}` }));
    const links = await menu(person, "/account");
    expect([links[0], links.at(-2), links.at(-1)]).toEqual(["Office 00", "Office 09", "All your services"]);
    expect(links).toHaveLength(SERVICES_TO_SWITCH_MAX + 1);
    expect(await menu(person, "/services")).toEqual([]);
  });
});
