/** An email's way as its recipient gets it: with its service's logo inside, read by a mail server and a reader that are not ours. */
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer } from "smtp-server";
import { afterEach, expect, it, vi } from "vitest";
import { chooseBrand } from "../../src/flow/brands/choose-brand.ts";
import { createSharedBrand } from "../../src/flow/brands/shared-brands.ts";
import { startDispatch } from "../../src/flow/dispatch/dispatcher.ts";
import { startFleet } from "../../src/flow/dispatch/fleet.ts";
import { createRecorder } from "../../src/flow/dispatch/recorder.ts";
import { watchHealth } from "../../src/flow/health/health-watch.ts";
import { newRandomId } from "../../src/platform/ids.ts";
import { seal } from "../../src/platform/sealing.ts";
import { smtpProvider } from "../../src/providers/smtp/smtp-provider.ts";
import { platformKey, sealedProviderSecrets } from "../../src/records/providers/provider-store.ts";
import { startApi } from "../support/api.ts";
import { pngOf } from "../support/pictures.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const WAIT = { timeout: 30_000, interval: 20 };
const LOGO = pngOf(400, 108);
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A mail server, and what came to it by recipient. */
async function mailServer(): Promise<{ port: number; mails: Map<string, Email> }> {
  const mails = new Map<string, Email>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    closeTimeout: 50,
    onData: (stream, { envelope }, done) => {
      void stream.toArray().then(async (chunks) => {
        mails.set(envelope.rcptTo[0]?.address ?? "", await PostalMime.parse(Buffer.concat(chunks)));
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => new Promise<void>((resolve) => server.close(resolve)));
  return { port: (server.server.address() as { port: number }).port, mails };
}

async function startPost({ app }: World, port: number): Promise<void> {
  const id = newRandomId();
  const secrets = seal({ key: platformKey(app.keys.master), belongsTo: sealedProviderSecrets(id) }, "{}");
  await app.db.query`
    insert into providers (id, name, channel, kind, settings, sealed_secrets)
    values (${id}, 'relay', 'email', 'smtp', '{}', ${secrets})`;
  await app.db.query`
    insert into routes (id, name, channel, provider_id, key_kinds, weight)
    values (${newRandomId()}, 'relay', 'email', ${id}, '{live,team,test}', 50)`;
  const here = { name: "relay", host: "127.0.0.1", port, security: "none", log: app.log } as const;
  const [nothing, recorder] = [async () => {}, createRecorder(app)];
  const health = watchHealth({ app, onChange: () => {} });
  closers.push(() => health.stop());
  const fleet = await startFleet({
    app,
    onConfigured: (records) => health.follow(records),
    makeProvider: async () => ({ channel: "email", provider: smtpProvider(here) }),
    eventsFor: () => ({ receipt: nothing, inbound: nothing, complaint: nothing, letterReports: nothing }),
    onAvailability: () => {},
  });
  closers.push(() => fleet.stop());
  const dispatcher = await startDispatch({ app, fleet, health, recorder, channel: "email" });
  closers.push(() => dispatcher.stop());
}

async function giveLogo({ app }: World, service: WorldService): Promise<void> {
  const actor = { userId: newRandomId(), ip: undefined };
  const letters = { set: () => Promise.reject(new Error("no letter is set for a logo of emails")) };
  const wish = {
    name: "Northwold",
    picture: LOGO,
    alternativeText: "Northwold Parks",
    colour: "#00573f",
    style: "banner",
  };
  const brandId = await createSharedBrand({ ...app, letters }, actor, { ...wish, channel: "email" });
  await chooseBrand(app, actor, { service, channel: "email", brandId });
}

it("has the logo of its own service, and no other's", async () => {
  const world = await createWorld();
  closers.push(world.close);
  const { port, mails } = await mailServer();
  await startPost(world, port);
  const api = await startApi(world.app);
  closers.push(api.close);
  const [parks, baths] = [await world.service({ name: "Parks" }), await world.service({ name: "Baths" })];
  await giveLogo(world, parks);

  for (const [service, to] of [
    [parks, "ada@example.org"],
    [baths, "bea@example.org"],
  ] as const) {
    const { templateId } = await world.template(service, { channel: "email", subject: "Open", body: "We are open." });
    const answer = await api.post(
      "/v2/notifications/email",
      { email_address: to, template_id: templateId },
      { as: service },
    );
    expect(answer.status).toBe(201);
  }
  await vi.waitFor(() => expect(mails.size).toBe(2), WAIT);

  const [branded, plain] = [mails.get("ada@example.org"), mails.get("bea@example.org")];
  const [picture] = branded?.attachments ?? [];
  expect(Buffer.from(picture?.content as ArrayBuffer).equals(LOGO)).toBe(true);
  const contentId = picture?.contentId?.replace(/[<>]/g, "") ?? "none";
  expect(branded?.html).toContain(`<img src="cid:${contentId}" width="200" height="54" alt="Northwold Parks"`);
  expect(branded?.html).toContain('bgcolor="#00573f"');
  expect(branded?.text?.trim()).toBe("We are open.");
  expect(plain?.attachments).toEqual([]);
  expect(plain?.html).not.toContain("<img");
});
