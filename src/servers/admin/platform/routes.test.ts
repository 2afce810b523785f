import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { createWorld, type World } from "../../../../test/support/world.ts";
import { newId } from "../../../platform/ids.ts";
import { insertProvider } from "../../../records/providers/provider-write-store.ts";
import { listRoutes } from "../../../records/routes/route-store.ts";

const ROUTES = "/platform/providers/routes";

let world: World;
let admin: TestAdmin;
let operator: Person;
let [fen, hill] = ["", ""];

beforeAll(async () => {
  world = await createWorld();
  admin = await startAdmin(world.app);
  operator = await admin.person({ name: "Olu Operator", isPlatformAdmin: true });
  [fen, hill] = [await makeProvider("fen"), await makeProvider("hill")];
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

async function makeProvider(name: string): Promise<string> {
  const id = newId();
  const { db, keys } = world.app;
  const settings = { host: "127.0.0.1", port: 2775, systemId: "us" };
  const record = { id, name, channel: "sms", kind: "smpp", settings, secrets: {}, isSandbox: false } as const;
  await db.transaction((tx) => insertProvider(tx, keys.master, { ...record, isActive: true }));
  return id;
}

const routeNamed = async (name: string) => (await listRoutes(world.app.db)).find((one) => one.name === name);
const fields = (wish: Record<string, string> = {}) => ({
  ...{
    name: "everything",
    providerId: fen,
    keyKinds: "live",
    carriesInternational: "yes",
    position: "100",
    weight: "70",
  },
  ...{ reason: "The new contract", ...wish },
});

describe("routes", () => {
  it("are added, shown in their order, changed and removed", async () => {
    expect((await operator.get(ROUTES)).text).toContain("There are no routes");
    expect((await operator.get(`${ROUTES}/new`)).text).toMatch(/value="live" checked/);
    expect((await operator.post(`${ROUTES}/new`, fields())).location).toBe(ROUTES);
    const france = fields({
      name: "hill-france",
      providerId: hill,
      countries: "33",
      times: "mon-fri 08:00-20:00",
      position: "1",
    });
    await operator.post(`${ROUTES}/new`, france);
    const { text } = await operator.get(ROUTES);
    expect(text).toMatch(/hill-france[\s\S]*France \(\+33\)[\s\S]*mon-fri 08:00-20:00[\s\S]*everything/);
    const one = `${ROUTES}/${(await routeNamed("hill-france"))?.id}`;
    const form = (await operator.get(one)).text;
    for (const filledIn of ['value="33"', "mon-fri 08:00-20:00</textarea>", `value="${hill}" selected`])
      expect(form).toContain(filledIn);
    await operator.post(one, { ...france, weight: "30", carriesInternational: "" });
    expect(await routeNamed("hill-france")).toMatchObject({ weight: 30, carriesInternational: false });
    expect((await operator.post(`${one}/removal`, { reason: "" })).status).toBe(400);
    expect((await operator.post(`${one}/removal`, { reason: "It has ended" })).location).toBe(ROUTES);
    expect(await routeNamed("hill-france")).toBeUndefined();
  });

  it("are not saved when something is wrong, which stands beside its field with what was filled in", async () => {
    const wrong = fields({
      name: "Wrong",
      weight: "101",
      reason: "",
      countries: "0",
      times: "always",
      senderTypes: "short-code",
    });
    const { status, text } = await operator.post(`${ROUTES}/new`, wrong);
    expect(status).toBe(400);
    for (const words of [
      "from 0 to 100",
      "Say why",
      "0 is not a country",
      "always is not a time",
      "Name must be small letters",
    ])
      expect(text).toContain(words);
    expect(text).toMatch(/value="short-code" checked/);
    expect(await routeNamed("Wrong")).toBeUndefined();
  });

  it("show which way a text would go and why no other, with the number in no address", async () => {
    await operator.post(
      `${ROUTES}/new`,
      fields({ name: "home-only", providerId: hill, carriesInternational: "", position: "1" }),
    );
    const { status, text } = await operator.post(ROUTES, { number: "+33 6 12 34 56 78", priority: "high" });
    const told = /A text to France[\s\S]*/.exec(text)?.[0].split("footer")[0];
    expect([status, told]).toEqual([
      200,
      expect.stringMatching(/home-only \(hill\): Carries nothing abroad[\s\S]*everything \(fen\): The only route/),
    ]);
    const addresses = [...text.matchAll(/(?:href|action)="([^"]*)"/g)].map(([, url]) => url);
    expect(addresses.filter((url) => /6\D{0,3}12\D{0,3}34\D{0,3}56/.test(url ?? ""))).toEqual([]);
    const refusals: Record<string, string>[] = [{ number: "12" }, { number: "+33 6 12 34 56 78", service: "Nobody" }];
    for (const refused of refusals) {
      const answer = await operator.post(ROUTES, refused);
      expect([answer.status, answer.text.includes("govuk-error-summary")]).toEqual([400, true]);
    }
  });
});
