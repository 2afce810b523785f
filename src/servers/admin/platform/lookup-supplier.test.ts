import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World } from "../../../../test/support/world.ts";
import { newId } from "../../../platform/ids.ts";
import { LOOKUP_PRESETS } from "../../../providers/http/lookups/lookup-supplier.ts";
import { listAudit } from "../../../records/audit/audit-store.ts";
import { listLookupSuppliers, putLookupSupplier } from "../../../records/number-lookups/lookup-supplier-store.ts";

let world: World;
let admin: TestAdmin;
let operator: Person;
beforeAll(async () => {
  world = await createWorld();
  admin = await startAdmin(world.app);
  operator = await admin.person({ isPlatformAdmin: true });
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

const URL_OF = "/platform/number-lookups";
const FORM = { name: "hlr", preset: "messente", "messente.username": "us", "messente.password": "hunter2" };
const suppliers = () => listLookupSuppliers(world.app.db, world.app.keys.master);

describe("a supplier of look-ups", () => {
  it("is added, changed and removed, and what it asks to know is shown to nobody again", async () => {
    expect((await operator.get(URL_OF)).text).toContain("Add a supplier");
    const usual = "https://api.messente.com/v1/hlr/sync";
    expect((await operator.get(`${URL_OF}/new`)).text).toContain(`value="${usual}"`);
    expect((await operator.post(`${URL_OF}/new`, { ...FORM, "messente.url": usual })).location).toBe(URL_OF);
    const [made] = await suppliers();
    expect(made).toMatchObject({
      ...{ name: "hlr", isActive: true, isSandbox: false, settings: { preset: "messente", url: usual } },
      secrets: { username: "us", password: "hunter2" },
    });
    const url = `${URL_OF}/${made?.id}`;
    const page = (await operator.get(url)).text;
    expect([page.includes("hunter2"), page.includes('value="hlr"')]).toEqual([false, true]);
    await operator.post(url, { ...FORM, name: "hlr-2", "messente.username": "", "messente.password": "better" });
    expect(await suppliers()).toMatchObject([{ name: "hlr-2", secrets: { username: "us", password: "better" } }]);
    const [entry] = await listAudit(world.app.db, { limit: 1 });
    expect(entry).toMatchObject({ action: "lookup-supplier.updated", subject: "hlr-2", before: { name: "hlr" } });
    expect(JSON.stringify(entry)).not.toMatch(/hunter2|better/);
    expect((await operator.post(`${url}/removal`)).location).toBe(URL_OF);
    expect(await suppliers()).toEqual([]);
    expect((await operator.get(url)).status).toBe(404);
  });

  it("may have a description of its own", async () => {
    const form = { name: "own", preset: "own", description: JSON.stringify(LOOKUP_PRESETS.messente) };
    await operator.post(`${URL_OF}/new`, { ...form, values: "username = us\r\npassword = a=b" });
    const [made] = await suppliers();
    expect(made).toMatchObject({ settings: { supplier: { ask: { method: "POST" } } }, secrets: { password: "a=b" } });
    await operator.post(`${URL_OF}/${made?.id}/removal`);
  });

  it.each([
    [{ name: "A name" }, "small letters, digits and hyphens"],
    [{ preset: "" }, "Choose a supplier"],
    [{ "messente.password": "" }, "settings.password is missing"],
    [{ "messente.url": "here" }, "complete https:// address"],
    [{ preset: "own", description: "{" }, "Enter a description in JSON"],
    [{ preset: "own", description: "{}" }, "It says: "],
  ])("%j is shown again with what is wrong", async (change, message) => {
    const refused = await operator.post(`${URL_OF}/new`, { ...FORM, ...change });
    expect([refused.status, refused.text.includes(message), refused.text.includes("hunter2")]).toEqual([
      400,
      true,
      false,
    ]);
    expect(await suppliers()).toEqual([]);
  });

  it("of the sandbox is switched on and off, and no more", async () => {
    const record = {
      id: newId(),
      name: "sandbox-look-ups",
      settings: { preset: "sandbox", url: "http://127.0.0.1:1/" },
    };
    const sandbox = { ...record, secrets: { token: "t" }, isActive: false, isSandbox: true };
    await world.app.db.transaction((tx) => putLookupSupplier(tx, world.app.keys.master, sandbox));
    expect((await operator.get(URL_OF)).text).toContain("Sandbox: answers by a number’s last digits");
    expect((await operator.post(`${URL_OF}/${sandbox.id}`, FORM)).status).toBe(404);
    await operator.post(`${URL_OF}/${sandbox.id}/switch`, { to: "on" });
    await operator.post(`${URL_OF}/new`, { ...FORM, name: "zz" });
    expect(await suppliers()).toMatchObject([{ name: "zz" }, { name: "sandbox-look-ups", isActive: true }]);
    expect((await operator.get(URL_OF)).text).toMatch(/zz[\s\S]*it is asked[\s\S]*another comes before it/);
  });
});
