import { afterEach, describe, expect, it, vi } from "vitest";
import { createPeopleWorld, type PeopleWorld } from "../../../test/support/people.ts";
import { makeCarrier, startWorkings } from "../../../test/support/workings.ts";
import { countLive } from "../../records/deployment/status-store.ts";
import { listOrganisations } from "../../records/organisations/organisation-store.ts";
import { listServices } from "../../records/services/service-settings-store.ts";
import { NO_LETTER_PARTS } from "../../records/templates/template.ts";
import { insertTemplateVersion, listAllTemplates } from "../../records/templates/template-write-store.ts";
import { createOrganisation } from "./organisations.ts";
import { suspendService } from "./platform.ts";
import { SYSTEM_TEMPLATES } from "./system-messages.ts";
import { ensureSystemService } from "./system-service.ts";
import { CODE_VALID_MS } from "./text-codes.ts";
import { tidyPeople } from "./tidy-people.ts";

const WAIT = { timeout: 30_000, interval: 20 };
const DAY_MS = 86_400_000;
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function setUp(): Promise<PeopleWorld> {
  const world = await createPeopleWorld();
  closers.push(world.close);
  return world;
}

describe("what Pennypost itself sends", () => {
  it("reaches a phone through a carrier, ahead of others, and no later than it is of use", async () => {
    const world = await setUp();
    const carrier = await makeCarrier(world.app);
    closers.push(() => carrier.stop());
    const workings = await startWorkings(world.app);
    closers.push(workings.stop);
    await world.people.post.send({
      kind: "sign-in-code",
      to: "07700 900777",
      values: { code: "04711" },
      validForMs: CODE_VALID_MS,
    });
    await vi.waitFor(() => expect(carrier.texts).toHaveLength(1), WAIT);
    expect(carrier.texts[0]).toBe(`Pennypost: ${SYSTEM_TEMPLATES["sign-in-code"].body.replace("((code))", "04711")}`);
    const [sent] = await world.mailTo("07700 900777");
    expect(sent?.lane).toBe(0);
    const validForMs = (sent?.validUntil?.getTime() ?? 0) - world.clock.now().getTime();
    expect(validForMs / CODE_VALID_MS).toBeCloseTo(1, 1);
  });

  it("keeps what it says sealed", async () => {
    const world = await setUp();
    await world.people.post.send({ kind: "sign-in-code", to: "07700 900777", values: { code: "04711" } });
    const rows = await world.people.db.query<{ text: string }>`select n::text as text from notifications n`;
    expect(rows).toHaveLength(1);
    expect(rows[0]?.text).not.toMatch(/04711|900777/);
    expect(rows[0]?.text).not.toContain(Buffer.from("04711").toString("hex"));
  });

  it("leaves amounts as they are, and makes no link of what people wrote", async () => {
    const world = await setUp();
    const values = {
      name: "Amala",
      service: "Parks evil.example/x",
      month: "June",
      effect: "Nothing is stopped.",
      link: "https://notify.example/usage",
    };
    const amounts = { budget: "£10", spent: "£10.80", percent: "108" };
    await world.people.post.send({
      kind: "budget-warning",
      to: "amala@example.gov.uk",
      values: { ...values, ...amounts },
    });
    const [mail] = await world.mailTo("amala@example.gov.uk");
    expect(mail?.body).toContain("Parks  means to spend £10 on texts in June. It has spent £10.80 so far: 108 %.");
    expect(mail?.body).toContain("https://notify.example/usage");
    expect(mail?.body).not.toContain("evil.example/x");
  });

  it("comes of one service, made once by however many processes, and in no list", async () => {
    const world = await setUp();
    const { db, keys } = world.people;
    const ids = await Promise.all(Array.from({ length: 6 }, () => ensureSystemService(db, keys)));
    expect(new Set(ids).size).toBe(1);
    expect(await listAllTemplates(db, ids[0] ?? "")).toHaveLength(Object.keys(SYSTEM_TEMPLATES).length);
    expect(await listServices(db)).toEqual([]);
    expect(await listOrganisations(db)).toEqual([]);
    expect(await countLive(db)).toEqual({ organisations: 0, services: 0 });
    const actor = { userId: (await world.user()).id, ip: undefined };
    await expect(createOrganisation(world.people, actor, "Pennypost")).resolves.toBeTruthy();
    await expect(suspendService(world.people, actor, ids[0] ?? "")).rejects.toMatchObject({ kind: "not-found" });
  });

  it("says what this version says: a template that says something else gets a new version, once", async () => {
    const world = await setUp();
    const { db, keys } = world.people;
    const serviceId = await ensureSystemService(db, keys);
    const { id, name } = SYSTEM_TEMPLATES["mobile-code"];
    const old = {
      id,
      name,
      subject: undefined,
      body: "((code))",
      ...NO_LETTER_PARTS,
      hasUnsubscribeLink: false,
      createdBy: "x",
    };
    await db.transaction((tx) => insertTemplateVersion(tx, old));
    await ensureSystemService(db, keys);
    await ensureSystemService(db, keys);
    const template = (await listAllTemplates(db, serviceId)).find((each) => each.id === id);
    expect(template).toMatchObject({ version: 3, body: SYSTEM_TEMPLATES["mobile-code"].body });
  });

  it("has a subject for every email, and none for a text", () => {
    const wrong = Object.values(SYSTEM_TEMPLATES).filter((each) => "subject" in each !== (each.channel === "email"));
    expect(wrong).toEqual([]);
  });
});

describe("tidying", () => {
  it("forgets what is of no more use after a week, and not before", async () => {
    const world = await setUp();
    const user = await world.user({ mobileNumber: "07700 900778" });
    const at = (days: number) => new Date(world.clock.now().getTime() - days * DAY_MS);
    for (const days of [6, 8]) {
      await world.people.db.query`
        insert into one_time_codes (id, user_id, purpose, code_hash, created_at, expires_at)
        values (gen_random_uuid(), ${user.id}, 'sign-in', '\\x00', ${at(days)}, ${at(days)})`;
    }
    expect(await tidyPeople(world.app)).toMatchObject({ codes: 1, links: 0, registrations: 0 });
  });
});
