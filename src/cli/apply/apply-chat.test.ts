import { afterAll, beforeAll, expect, it } from "vitest";
import { stringify } from "yaml";
import { createWorld, type World } from "../../../test/support/world.ts";
import { newRandomId } from "../../platform/ids.ts";
import { getChatPrices } from "../../records/deployment/chat-prices.ts";
import { findOrMakeDeployment } from "../../records/deployment/deployment-store.ts";
import { listProviders } from "../../records/providers/provider-store.ts";
import { exportDeclaration } from "../export.ts";
import { applyDeclaration } from "./apply.ts";
import { readDeclaration } from "./declaration.ts";
import { parseFile } from "./parse-file.ts";

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await findOrMakeDeployment(world.app.db, { id: newRandomId(), masterKeyFingerprint: "test" });
});
afterAll(() => world.close());

type Environment = Readonly<Record<string, string>>;
const SECRETS: Environment = { WA_TOKEN: "EAAJ", WA_APP: "app secret", WA_VERIFY: "a word", TG_TOKEN: "123:AAH" };

function apply(text: string, environment: Environment = SECRETS) {
  const declaration = readDeclaration(parseFile(text, { name: "chat.yaml", environment }));
  const options = { declaration, actor: "pennypost apply", prunes: false, isDryRun: false };
  return applyDeclaration(world.app.db, world.app.keys, options);
}

const WHATSAPP = `
providers:
  - name: whatsapp
    channel: chat
    kind: whatsapp
    settings: { phoneNumberId: "106540352242922" }
    secrets: { accessToken: "\${WA_TOKEN}", appSecret: "\${WA_APP}", verifyToken: "\${WA_VERIFY}" }
  - name: telegram
    channel: chat
    kind: telegram
    settings: { windowSize: 4 }
    secrets: { token: "\${TG_TOKEN}", webhookSecret: tele-secret }
  - { name: push, channel: chat, kind: web-push, settings: { subject: "mailto:ops@example.org" } }
routes:
  - { provider: whatsapp, key_kinds: [live] }
chat_prices: { whatsapp: "0.050", viber-business: "0.03" }
services:
  - name: Northwold Libraries
    permissions: [chat]
    templates:
      - channel: chat
        name: Book due
        body: ((name)), ((book)) is due on ((day)).
        whatsapp: { name: book_due, language: en_GB, values: [name, book, day] }
`;

it("chat apps, what their messages cost and WhatsApp's templates come from a file, and go back into one with their secrets named", async () => {
  const { changes } = await apply(WHATSAPP);
  expect(changes.map(({ kind, name, action }) => `${kind} ${name} ${action}`)).toEqual(
    expect.arrayContaining([
      "provider whatsapp created",
      "provider telegram created",
      "provider push created",
      "chat prices what chat messages cost updated",
    ]),
  );
  expect((await apply(WHATSAPP)).changes).toEqual([]);
  expect(await getChatPrices(world.app.db)).toEqual({ whatsapp: "0.05", "viber-business": "0.03" });
  const providers = await listProviders(world.app.db, world.app.keys.master);
  const named = (name: string) => providers.find((one) => one.name === name);
  expect(named("whatsapp")).toMatchObject({ channel: "chat", secrets: { appSecret: "app secret" } });
  expect(named("push")?.settings["publicKey"]).toMatch(/^B[\w-]{86}$/);
  const { declaration, secrets } = await exportDeclaration(world.app.db, world.app.keys);
  const text = stringify(declaration);
  for (const secret of Object.values(SECRETS)) expect(text).not.toContain(secret);
  expect(declaration).toMatchObject({
    chat_prices: { whatsapp: "0.05", "viber-business": "0.03" },
    services: [{ templates: [{ whatsapp: { name: "book_due", language: "en_GB", values: ["name", "book", "day"] } }] }],
  });
  expect((await apply(text, secrets)).changes).toEqual([]);
});

it.each([
  ["kind: telegram, settings: {}, secrets: { token: a }", "webhookSecret"],
  ["kind: whatsapp, settings: {}, secrets: { accessToken: a, appSecret: b, verifyToken: c }", "phoneNumberId"],
  [
    "kind: chat-gateway, settings: { url: 'https://a.example', apps: [icq] }, secrets: { token: t }",
    "must be a list of",
  ],
  ["kind: web-push, settings: { subject: ops }", "must begin with mailto: or https://"],
  ["kind: smtp, settings: { host: a, port: 25 }", "chat"],
])("a provider with { %s } is refused", async (rest, message) => {
  await expect(async () => apply(`providers: [{ name: wrong, channel: chat, ${rest} }]`)).rejects.toThrow(message);
});

it.each([
  ['chat_prices: { icq: "0.05" }', "icq"],
  ["chat_prices: { whatsapp: 0.05 }", "must be a text: put it in quotes"],
])("%s is refused", async (text, message) => {
  await expect(async () => apply(text)).rejects.toThrow(message);
});
