/** Every page of an installation in which nobody has done anything yet: lists that are empty say so. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Person, startAdmin, type TestAdmin } from "../../../test/support/admin.ts";
import { createWorld, type World } from "../../../test/support/world.ts";
import { MEMBER_PERMISSIONS } from "../../records/services/member-store.ts";
import { routes } from "./routes.ts";

/** A stream does not end, and what names one thing needs that there is one. */
const NOT_HERE = /^\/live$|:(?!sid\b)/;
const urls = [...new Set(routes.filter(({ method }) => method === "GET").map(({ url }) => url))].filter(
  (url) => !NOT_HERE.test(url),
);

describe("where nobody has done anything yet", () => {
  let world: World;
  let admin: TestAdmin;
  let person: Person;
  let serviceId: string;
  beforeAll(async () => {
    world = await createWorld();
    admin = await startAdmin(world.app);
    const service = await world.service({ permissions: ["sms", "email", "letter", "inbound_sms"] });
    serviceId = service.id;
    person = await admin.person({ in: service, permissions: MEMBER_PERMISSIONS, isPlatformAdmin: true });
  });
  afterAll(async () => {
    await admin.close();
    await world.close();
  });

  it.each(urls)("%s is shown, or says where to go", async (url) => {
    expect((await person.get(url.replace(":sid", serviceId))).status).toBeLessThan(500);
  });
});
