import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../../test/support/admin.ts";
import { readyLetter } from "../../../../test/support/ready-letters.ts";
import { createWorld, type World, type WorldService } from "../../../../test/support/world.ts";

const MINUTE_MS = 60_000;

let world: World;
let admin: TestAdmin;
let service: WorldService;
let member: Person;
beforeAll(async () => {
  world = await createWorld();
  admin = await startAdmin(world.app);
  service = await world.service({ name: "Northwold Libraries" });
  member = await admin.person({ in: service, permissions: ["send_messages"] });
});
afterAll(async () => {
  await admin.close();
  await world.close();
});

const at = (query = "") => `/services/${service.id}/uploaded-letters${query}`;

async function uploaded(
  fileName: string,
  minutesAgo: number,
  change: { by?: string; isFromApi?: boolean } = {},
): Promise<string> {
  const createdAt = new Date(world.clock.now().getTime() - minutesAgo * MINUTE_MS);
  const { id } = await readyLetter(world, service, { createdAt, pages: 3 });
  const { by = "Sam Sender", isFromApi = false } = change;
  await world.app.db.query`update letters set is_precompiled = true where notification_id = ${id}`;
  await world.app.db.query`
    update notifications set reference = ${fileName}, created_by_name = ${by},
      api_key_id = case when ${isFromApi} then api_key_id end where id = ${id}`;
  return id;
}

describe("uploaded letters", () => {
  it("are none at first", async () => {
    expect((await member.get(at())).text).toContain("Nobody has uploaded a letter yet");
  });

  it("are listed, the newest first, with what became of them, and without those of the API or of templates", async () => {
    const id = await uploaded("older <b>.pdf", 20);
    await uploaded("newer.pdf", 10);
    await uploaded("from the api.pdf", 5, { isFromApi: true });
    await readyLetter(world, service);
    const { text } = await member.get(at());
    expect(text).toContain("older &lt;b&gt;.pdf");
    expect(text.indexOf("newer.pdf")).toBeLessThan(text.indexOf("older &lt;b&gt;.pdf"));
    expect(text).not.toContain("from the api.pdf");
    expect(text.match(/3 pages, on 2 sheets of paper/g)).toHaveLength(2);
    expect(text).toContain("Uploaded by Sam Sender");
    expect(text).toContain(`/services/${service.id}/messages/${id}`);
    expect((await member.get(`/services/${service.id}/send`)).text).toContain(at());
  });

  it("stand under the day on which they go to the printer: what came after its cut-off goes with the next day's", async () => {
    const other = await world.service({ name: "Northwold Rates" });
    const colleague = await admin.person({ in: other, permissions: ["send_messages"] });
    for (const sentAt of ["2026-06-02T16:29:00Z", "2026-06-02T16:31:00Z", "2026-06-03T09:00:00Z"]) {
      const { id } = await readyLetter(world, other, { createdAt: new Date(sentAt) });
      await world.app.db.query`update letters set is_precompiled = true where notification_id = ${id}`;
      await world.app.db.query`update notifications set api_key_id = null where id = ${id}`;
    }
    const { text } = await colleague.get(`/services/${other.id}/uploaded-letters`);
    const days = [...text.matchAll(/For printing on (\d+ June)/g)].map(([, day]) => day);
    expect(days).toEqual(["3 June", "2 June"]);
  });

  it("are fifty a page", async () => {
    for (let index = 1; index <= 51; index += 1) await uploaded(`letter-${index}.pdf`, 100 + index);
    const first = await member.get(at());
    const older = /href="([^"]+older-than=[^"]+)"/.exec(first.text)?.[1] ?? "";
    expect(first.text.match(/pp-place pp-file-name/g)).toHaveLength(50);
    const second = await member.get(older);
    expect(second.text.match(/pp-place pp-file-name/g)).toHaveLength(3);
    expect([second.text.includes("letter-51.pdf"), first.text.includes("letter-51.pdf")]).toEqual([true, false]);
    expect(second.text).toContain("Newest letters");
    expect((await member.get(at("?older-than=nonsense"))).status).toBe(200);
  });

  it("are another service's for nobody, and among the channels of messages", async () => {
    const other = await world.service({ name: "Elsewhere" });
    const stranger = await admin.person({ in: other, permissions: ["send_messages"] });
    expect((await stranger.get(`/services/${other.id}/uploaded-letters`)).text).not.toContain("newer.pdf");
    const reader = await admin.person({ in: service, permissions: ["view_activity"] });
    const messages = await reader.get(`/services/${service.id}/messages?channel=letter`);
    expect(messages.text).toMatch(/<option value="letter" selected>\s*Letters/);
  });
});
