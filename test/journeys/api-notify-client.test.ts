import { NotifyClient } from "notifications-node-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startApi, type TestApi } from "../support/api.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

let world: World;
let api: TestApi;
let service: WorldService;
let client: NotifyClient;

beforeAll(async () => {
  world = await createWorld();
  api = await startApi(world.app);
  service = await world.service({ replyTo: "desk@example.org" });
  client = new NotifyClient(api.url, `a-key-${service.id}-${service.secrets.live}`);
});

afterAll(async () => {
  await api.close();
  await world.close();
});

describe("GOV.UK Notify's own client for Node", () => {
  it("sends texts and emails, and reads them again", async () => {
    const sms = await world.template(service, { body: "Hello ((name))" });
    const email = await world.template(service, { channel: "email", body: "Dear ((name))" });
    const text = await client.sendSms(sms.templateId, "07700900123", {
      personalisation: { name: "Ada" },
      reference: "from-the-client",
    });
    expect([text.status, text.data.content.body]).toEqual([201, "Hello Ada"]);
    const mail = await client.sendEmail(email.templateId, "ada@example.org", {
      personalisation: { name: "Ada" },
      emailReplyToId: service.replyToAddresses[0]?.id,
      oneClickUnsubscribeURL: "https://example.org/stop",
    });
    expect([mail.status, mail.data.content.body]).toEqual([201, "Dear Ada"]);
    const read = await client.getNotificationById(text.data.id);
    expect(read.data).toMatchObject({ id: text.data.id, reference: "from-the-client", body: "Hello Ada", type: "sms" });
    const listed = await client.getNotifications("email", "created");
    expect(listed.data.notifications.map(({ id }: { id: string }) => id)).toEqual([mail.data.id]);
    const byReference = await client.getNotifications(undefined, undefined, "from-the-client");
    expect(byReference.data.notifications).toHaveLength(1);
  });

  it("reads and previews templates, and received texts", async () => {
    const template = await world.template(service, { channel: "email", name: "Client", body: "((a)) and ((b))" });
    const one = await client.getTemplateById(template.templateId);
    expect(one.data).toMatchObject({ personalisation: { a: { required: true }, b: { required: true } } });
    expect((await client.getTemplateByIdAndVersion(template.templateId, 1)).data).toEqual(one.data);
    const all = await client.getAllTemplates("email");
    expect(all.data.templates).toContainEqual(one.data);
    const preview = await client.previewTemplateById(template.templateId, { a: "one", b: ["x", "y"] });
    expect(preview.data.body).toBe("one and \n\n* x\n* y");
    expect((await client.getReceivedTexts()).data.received_text_messages).toEqual([]);
  });

  it("understands refusals", async () => {
    const refused = await client.sendSms("not-an-id", "abc").catch((error: unknown) => error);
    expect(refused).toMatchObject({
      response: {
        status: 400,
        data: {
          status_code: 400,
          errors: [
            { error: "ValidationError", message: "phone_number Must not contain letters or symbols" },
            { error: "ValidationError", message: "template_id is not a valid UUID" },
          ],
        },
      },
    });
    const { id } = await world.notification(service);
    await expect(client.getPdfForLetterNotification(id)).rejects.toMatchObject({ response: { status: 400 } });
  });
});
