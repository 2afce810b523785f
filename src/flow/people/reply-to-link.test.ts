import { afterAll, beforeAll, expect, it } from "vitest";
import { createPeopleWorld, HERE, type PeopleWorld } from "../../../test/support/people.ts";
import { listAuditEntries } from "../../records/audit/audit-store.ts";
import { requestReplyTo, verifyReplyTo } from "../services/reply-tos.ts";
import { replyToLinks } from "./reply-to-link.ts";

const ADDRESS = "replies@example.gov.uk";
const LINK = /https:\/\/admin\.example\.org\/reply-to\/([0-9a-f-]{36})\/([\w-]{43})/;

let world: PeopleWorld;
beforeAll(async () => {
  world = await createPeopleWorld();
});
afterAll(() => world.close());

async function ask(serviceId: string, address: string): Promise<{ userId: string }> {
  const { id: userId } = await world.user();
  const app = { ...world.people, sendVerification: replyToLinks(world.people, HERE) };
  await requestReplyTo(app, { userId, ip: HERE.ip }, { serviceId, address, isDefault: false });
  return { userId };
}

it("the link in the email takes the address into use, for whoever reads it", async () => {
  const service = await world.service({ name: "Parks" });
  const { userId } = await ask(service.id, ADDRESS);
  const [email] = await world.mailTo(ADDRESS);
  expect(email?.subject).toBe("Confirm that replies to Parks may come here");
  const [, verificationId = "", token = ""] = LINK.exec(email?.body ?? "") ?? [];
  await verifyReplyTo(world.people, { userId: undefined, ip: "192.0.2.9" }, { verificationId, token });
  expect((await world.reload(service)).replyToAddresses).toMatchObject([{ address: ADDRESS, isDefault: true }]);
  const [entry] = await listAuditEntries(world.people.db, { serviceId: service.id, limit: 1 });
  expect(entry).toMatchObject({ action: "reply-to.verified", actor: userId, ip: "192.0.2.9" });
});

it("a service cannot have many strangers written to", async () => {
  const service = await world.service();
  for (let i = 0; i < 20; i += 1) await ask(service.id, `stranger${i}@example.org`);
  await expect(ask(service.id, "stranger20@example.org")).rejects.toMatchObject({ kind: "rate-limited" });
  expect(await world.mailTo("stranger20@example.org")).toEqual([]);
});
