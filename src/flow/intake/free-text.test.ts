/** Texts without a template of anybody's: sent as they were written, and nothing that people can name, list or export. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { createWorld, type World } from "../../../test/support/world.ts";
import { exportDeclaration } from "../../cli/export.ts";
import { parsePhoneNumber } from "../../core/phone/parse-phone-number.ts";
import type { Service } from "../../records/services/service.ts";
import { listTemplates } from "../../records/templates/template-store.ts";
import { readMessage } from "../messages/read-message.ts";
import { accept, type Intake } from "./accept.ts";
import { createIntake } from "./create-intake.ts";
import { freeText } from "./free-text.ts";
import type { SendRequest } from "./send-request.ts";

let world: World;
let intake: Intake;
beforeAll(async () => {
  world = await createWorld();
  intake = createIntake(world.app);
});
afterAll(() => world.close());

function requestOf(service: Service): Omit<SendRequest, "templateId" | "personalisation"> {
  const number = parsePhoneNumber("07700900123");
  if (typeof number === "string") throw new Error(number);
  return {
    ...{ service, key: service.keys[0], recipient: { channel: "sms", number }, files: undefined },
    ...{ sanitiseContentFor: [], reference: undefined, senderId: undefined, oneClickUnsubscribeUrl: undefined },
    ...{ priority: undefined, scheduledFor: undefined, validForSeconds: undefined, callbackUrl: undefined },
    ...{ isFlash: false, idempotency: undefined },
  };
}

it("words that look like a template's are sent as they are", async () => {
  const service = await world.service();
  const words = "Dear ((name)), ((late??you are late)) \\o/";
  const { id, body } = await accept(intake, { ...requestOf(service), ...(await freeText(intake, service.id, words)) });
  expect(body).toBe(words);
  expect((await readMessage(world.app, service, id)).body).toBe(words);
});

it("every text of a service has the same template, which is in no list and in no export", async () => {
  const service = await world.service();
  const [one, other] = await Promise.all([freeText(intake, service.id, "a"), freeText(intake, service.id, "b")]);
  expect(one.templateId).toBe(other.templateId);
  expect(await listTemplates(world.app.db, service.id)).toEqual([]);
  const { declaration } = await exportDeclaration(world.app.db, world.app.keys);
  expect(JSON.stringify(declaration)).not.toContain(one.templateId);
});

it("a request that names that template is refused as one that names none", async () => {
  const service = await world.service();
  const { templateId, personalisation } = await freeText(intake, service.id, "Hello");
  await expect(accept(intake, { ...requestOf(service), templateId, personalisation })).rejects.toThrow(
    "Template not found",
  );
});

it("a template of the service cannot be sent as free text", async () => {
  const service = await world.service();
  const { templateId } = await world.template(service, { body: "Hello" });
  const request = { ...requestOf(service), templateId, personalisation: {}, isFreeText: true };
  await expect(accept(intake, request)).rejects.toThrow("Template not found");
});
