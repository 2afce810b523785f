/** Kannel as a customer: what its sendsms is given reaches the phone, and its dlr-url hears of it. */
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { hasPeer } from "../../scripts/peers.mjs";
import { receiveText } from "../../src/flow/inbound/receive-text.ts";
import type { SmppDoor } from "../../src/servers/smpp/smpp-door.ts";
import { type Kannel, startKannel } from "../peers/kannel.ts";
import { makeAccount, openDoor } from "../support/smpp-door.ts";
import { makeCarrier, startWorkings, untilWritten, type Workings } from "../support/workings.ts";
import { createWorld, type World, type WorldService } from "../support/world.ts";

const WAIT = { timeout: 30_000, interval: 50 };
/** Of Kannel's: taken by us, delivered, not delivered. */
const STATE = { accepted: "8", delivered: "1", failed: "2" };

describe.skipIf(!hasPeer("kannel"))("Kannel as a customer", () => {
  let world: World;
  let service: WorldService;
  let door: SmppDoor;
  let carrier: Awaited<ReturnType<typeof makeCarrier>>;
  let workings: Workings;
  let kannel: Kannel;

  beforeAll(async () => {
    world = await createWorld();
    service = await world.service({
      ...{ textSender: "Library", prefixesTexts: false },
      permissions: ["sms", "inbound_sms"],
    });
    await world.inboundNumber(service, "07700900500");
    carrier = await makeCarrier(world.app);
    workings = await startWorkings(world.app);
    door = await openDoor(world);
    kannel = await startKannel({ ...(await makeAccount(world, service)), port: door.port });
  });
  afterAll(async () => {
    await kannel?.stop();
    await door?.stop();
    await workings?.stop();
    await carrier?.stop();
    await world?.close();
  });

  const statesHeard = () => kannel.calls.map((path) => /^\/receipt\?state=(\d+)/.exec(path)?.[1]).filter(Boolean);

  it("has a text sent, is told that we took it and that it was delivered", async () => {
    expect(await kannel.send({ to: "+447700900123", from: "Library", text: "From Kannel, £5 @ noon" })).toMatch(/^0:/);
    await vi.waitFor(() => expect(statesHeard().toSorted()).toEqual([STATE.delivered, STATE.accepted]), WAIT);
    await untilWritten(carrier, 1);
    expect(carrier.texts).toEqual(["From Kannel, £5 @ noon"]);
  });

  it("has a long text sent whole, and is told when it fails", async () => {
    kannel.calls.length = 0;
    const text = "A long text from Kannel, which it cuts into parts. ".repeat(6).trim();
    await kannel.send({ to: "+447700900002", from: "Library", text });
    await vi.waitFor(() => expect(statesHeard()).toContain(STATE.failed), WAIT);
    await vi.waitFor(() => expect(carrier.texts).toContain(text), WAIT);
  });

  it("is brought what the public writes", async () => {
    const text = { from: "447700900777", to: "447700900500", text: "Is it open?", reference: undefined };
    await receiveText(world.app, "acme", text);
    await vi.waitFor(() => expect(kannel.calls.join("\n")).toContain("text=Is+it+open%3F"), WAIT);
  });
});
