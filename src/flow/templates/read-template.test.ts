import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorld, type World, type WorldService } from "../../../test/support/world.ts";
import { newRandomId } from "../../platform/ids.ts";
import { createTemplate } from "./edit-template.ts";
import { createFolder, setFolderExclusions } from "./folders.ts";
import { findLastUseOf, getVisibleTemplate } from "./read-template.ts";

const author = { userId: newRandomId(), ip: undefined, emailAddress: "ann@example.org" };
const colleague = newRandomId();
const DAY_MS = 24 * 3_600_000;

let world: World;
let service: WorldService;
beforeAll(async () => {
  world = await createWorld();
  service = await world.service();
});
afterAll(() => world.close());

describe("a template", () => {
  it("in a folder is only there for those who see the folder", async () => {
    const folderId = await createFolder(world.app, author, { serviceId: service.id, name: "Secret" });
    const form = { name: "Reminder", subject: undefined, body: "Hello", hasUnsubscribeLink: false };
    const id = await createTemplate(world.app, author, { service, channel: "sms", folderId, form });
    await setFolderExclusions(world.app, author, {
      serviceId: service.id,
      folderId,
      excludedUserIds: [colleague],
    });
    const seenBy = (userId: string) => getVisibleTemplate(world.app, { serviceId: service.id, userId }, id);
    expect(await seenBy(author.userId)).toMatchObject({ name: "Reminder" });
    await expect(seenBy(colleague)).rejects.toMatchObject({ kind: "not-found" });
  });

  it.each([newRandomId(), "new", "'"])("that there is not, such as %s, is not found", async (id) => {
    const member = { serviceId: service.id, userId: author.userId };
    await expect(getVisibleTemplate(world.app, member, id)).rejects.toMatchObject({ kind: "not-found" });
  });

  it("was last used when a message was last made with it, counted or not yet", async () => {
    const template = await world.template(service);
    const page = { serviceId: service.id, id: template.templateId };
    expect(await findLastUseOf(world.app, page)).toBeUndefined();
    const past = new Date(world.clock.now().getTime() - 20 * DAY_MS).toISOString().slice(0, 10);
    await world.app.db.query`
      insert into daily_statistics (service_id, day, channel, key_kind, template_id, status, code, rate_multiplier, messages, fragments)
      values (${service.id}, ${past}, 'sms', 'live', ${page.id}, 'delivered', '', 1, 3, 3)`;
    expect((await findLastUseOf(world.app, page))?.getTime()).toBeCloseTo(Date.parse(past), -8);
    const sent = await world.notification(service, { template });
    expect((await findLastUseOf(world.app, page))?.getTime()).toBe(sent.createdAt.getTime());
  });
});
