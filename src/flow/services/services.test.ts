import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorld, type World } from "../../../test/support/world.ts";
import { newRandomId } from "../../platform/ids.ts";
import { listAuditEntries } from "../../records/audit/audit-store.ts";
import {
  listWaitingReplyTos,
  removeReplyTo,
  requestReplyTo,
  type SendVerification,
  verifyReplyTo,
} from "./reply-tos.ts";
import {
  previewEmailSender,
  setChannel,
  setDailyLimit,
  setEmailSenderName,
  setFilesContact,
  setRetention,
  startReceivingTexts,
  stopReceivingTexts,
} from "./settings.ts";

const actor = { userId: newRandomId(), ip: "192.0.2.1" };
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe("a setting", () => {
  it("is changed, audited with what was before, and not audited when nothing changes", async () => {
    const service = await world.service();
    const change = { serviceId: service.id, value: { channel: "sms", days: 30 } } as const;
    await setRetention(world.app, actor, change);
    await setRetention(world.app, actor, change);
    expect((await world.reload(service)).retentionDays.sms).toBe(30);
    const entries = await listAuditEntries(world.app.db, { serviceId: service.id, limit: 9 });
    expect(entries).toMatchObject([
      { before: { retentionDaysSms: 7 }, after: { retentionDaysSms: 30 }, ip: "192.0.2.1" },
    ]);
  });

  it.each([2, 91, 3.5, Number.NaN])("of %s days to keep messages is refused", async (days) => {
    const { id: serviceId } = await world.service();
    const set = setRetention(world.app, actor, { serviceId, value: { channel: "email", days } });
    await expect(set).rejects.toMatchObject({ problems: [{ problem: "retention-wrong" }] });
  });

  it("turns channels and limits", async () => {
    const service = await world.service();
    await setChannel(world.app, actor, { serviceId: service.id, value: { channel: "email", isOn: false } });
    await setDailyLimit(world.app, actor, { serviceId: service.id, value: { kind: "international_sms", limit: 5 } });
    const after = await world.reload(service);
    expect([after.permissions.has("email"), after.dailyLimits.international_sms]).toEqual([false, 5]);
  });

  it("of who emails are from is previewed, and checked", async () => {
    const service = await world.service({ name: "Example Council" });
    expect(previewEmailSender(world.app, service, "Café & Licences")).toBe("cafe.licences@notifications.example.org");
    expect(previewEmailSender(world.app, service, "")).toBe("example.council@notifications.example.org");
    for (const value of ["a", "support", "a@b.example", "n".repeat(144)])
      await expect(setEmailSenderName(world.app, actor, { serviceId: service.id, value })).rejects.toThrow();
    await setEmailSenderName(world.app, actor, { serviceId: service.id, value: "Licences" });
    expect((await world.reload(service)).emailSenderLocalPart).toBe("licences");
  });

  it("of whom recipients of files may ask is kept, and taken away again", async () => {
    const service = await world.service();
    const set = (value: string) => setFilesContact(world.app, actor, { serviceId: service.id, value });
    await set(" https://council.example.gov.uk/help ");
    const link = { kind: "link", value: "https://council.example.gov.uk/help" };
    expect((await world.reload(service)).filesContact).toEqual(link);
    await expect(set("999")).rejects.toMatchObject({ problems: [{ field: "contact", problem: "contact-emergency" }] });
    expect((await world.reload(service)).filesContact).toEqual(link);
    await set(" ");
    expect((await world.reload(service)).filesContact).toBeUndefined();
    const entries = await listAuditEntries(world.app.db, { serviceId: service.id, limit: 9 });
    expect(entries).toMatchObject([{ after: { filesContact: null } }, { after: { filesContact: link.value } }]);
  });

  it("to receive texts takes a number from the pool, once", async () => {
    const service = await world.service();
    const start = () => startReceivingTexts(world.app, actor, { serviceId: service.id });
    await expect(start()).rejects.toThrow("no free number");
    await world.app.db.query`insert into inbound_numbers (number) values ('07700900501'), ('07700900502')`;
    expect(await start()).toHaveLength(1);
    await stopReceivingTexts(world.app, actor, { serviceId: service.id });
    expect(await start()).toHaveLength(1);
    expect((await world.reload(service)).permissions.has("inbound_sms")).toBe(true);
  });
});

describe("reply-to addresses", () => {
  it("are in use once their link is followed", async () => {
    const service = await world.service();
    const links: Parameters<SendVerification>[0][] = [];
    const app = { ...world.app, sendVerification: async (to: Parameters<SendVerification>[0]) => void links.push(to) };
    const ask = (address: string) => requestReplyTo(app, actor, { serviceId: service.id, address, isDefault: false });
    await expect(ask("nobody")).rejects.toMatchObject({ problems: [{ problem: "address-wrong" }] });
    await ask("help@example.org");
    expect((await world.reload(service)).replyToAddresses).toEqual([]);
    expect(await listWaitingReplyTos(world.app, service.id)).toHaveLength(1);
    const [link = { verificationId: "", token: "" }] = links;
    await expect(verifyReplyTo(world.app, actor, { ...link, token: "wrong" })).rejects.toThrow("wrong or too old");
    await verifyReplyTo(world.app, actor, link);
    await verifyReplyTo(world.app, actor, link);
    const [address] = (await world.reload(service)).replyToAddresses;
    expect(address).toMatchObject({ address: "help@example.org", isDefault: true });
    await expect(ask("HELP@example.org")).rejects.toMatchObject({ problems: [{ problem: "address-taken" }] });
    await removeReplyTo(world.app, actor, { serviceId: service.id, id: address?.id ?? "" });
    expect((await world.reload(service)).replyToAddresses).toEqual([]);
  });

  it("are refused by a link that is too old", async () => {
    const service = await world.service();
    const links: Parameters<SendVerification>[0][] = [];
    const app = { ...world.app, sendVerification: async (to: Parameters<SendVerification>[0]) => void links.push(to) };
    await requestReplyTo(app, actor, { serviceId: service.id, address: "a@example.org", isDefault: true });
    const late = { ...world.app, clock: { now: () => new Date(Date.now() + 25 * 3_600_000) } };
    await expect(verifyReplyTo(late, actor, links[0] ?? { verificationId: "", token: "" })).rejects.toThrow("too old");
  });
});
