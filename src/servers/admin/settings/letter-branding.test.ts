import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Person } from "../../../../test/support/admin.ts";
import { openSettings, type SettingsStage } from "../../../../test/support/settings-stage.ts";
import type { WorldService } from "../../../../test/support/world.ts";
import { listAuditEntries } from "../../../records/audit/audit-store.ts";
import { findLetterLogo } from "../../../records/letters/letter-logo-store.ts";

const PATIENCE_MS = 30_000;
const SQUARE = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 40"><path fill="#00573f" d="M0 0h100v40H0z"/></svg>`;

let stage: SettingsStage;
let service: WorldService;
let person: Person;
let path: string;
beforeAll(async () => {
  stage = await openSettings();
});
beforeEach(async () => {
  ({ service, person, path } = await stage.place("letter-branding"));
});
afterAll(() => stage?.close());

const logo = () => findLetterLogo(stage.world.app.db, service.id);
const upload = (text: string | Uint8Array, description = "Northwold Parks") => {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  return person.upload(path, { field: "logo", name: "logo.svg", bytes }, { description });
};

describe("the logo on letters", { timeout: PATIENCE_MS }, () => {
  it("is kept, printed on letters, and removed again", async () => {
    const without = (await person.get(`${path}/preview`)).text;
    expect((await upload(SQUARE)).location).toBe(path);
    expect(await logo()).toMatchObject({ format: "svg", description: "Northwold Parks" });
    expect((await person.get(`/services/${service.id}/settings`)).text).toContain("Northwold Parks");
    const withLogo = (await person.get(`${path}/preview`)).text;
    expect(withLogo).toContain("Page 1 of 1");
    expect(withLogo).not.toBe(without);
    await person.post(`${path}/remove`);
    expect(await logo()).toBeUndefined();
    const [removed, saved] = await listAuditEntries(stage.world.app.db, { serviceId: service.id, limit: 2 });
    expect([removed, saved].map((entry) => entry?.action)).toEqual(["letter-logo.removed", "letter-logo.saved"]);
  });

  it.each([
    ["no picture", "hello", "Choose an SVG or PNG file"],
    ["a drawing that runs", SQUARE.replace("<path", "<script/><path"), "scripts, or refers to something outside"],
    ["a drawing that no engine reads", `<svg viewBox="0 0 1 1"><path d="`, "cannot be printed"],
    ["one that is too large", `${SQUARE}<!--${"x".repeat(1024 * 1024)}-->`, "1 MB or smaller"],
    ["one beyond what forms carry", new Uint8Array(6 * 1024 * 1024), "1 MB or smaller"],
  ])("is refused when it is %s, and the one before stays", async (_, file, words) => {
    await upload(SQUARE);
    const refused = await upload(file, "Another");
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining(words)]);
    expect((await logo())?.description).toBe("Northwold Parks");
  });

  it("needs words for those who do not see it, and a file", async () => {
    expect((await upload(SQUARE, " ")).text).toContain("Enter what the logo shows");
    expect((await person.post(path, { description: "Parks" })).text).toContain("Choose a file");
    expect(await logo()).toBeUndefined();
  });
});

describe("files", () => {
  it("are not read from forms of pages that take none", async () => {
    const file = { field: "name", name: "a.txt", bytes: new TextEncoder().encode("Parks") };
    const answer = await person.upload(`/services/${service.id}/settings/name`, file);
    expect(answer.status).toBe(400);
    expect((await stage.world.reload(service)).name).toBe(service.name);
  });
});
