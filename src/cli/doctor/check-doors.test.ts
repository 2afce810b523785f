import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { freePorts } from "../../../bench/measure/free-ports.ts";
import { selfSigned } from "../../../test/peers/smpp-carrier.ts";
import { bindCustomer } from "../../../test/peers/smpp-customer.ts";
import { startApi, type TestApi } from "../../../test/support/api.ts";
import { makeAccount } from "../../../test/support/smpp-door.ts";
import { createWorld, type World } from "../../../test/support/world.ts";
import type { Config, DoorConfig } from "../../config.ts";
import { startSmpp } from "../../main/smpp.ts";
import type { Role } from "../../main/web.ts";
import { checkDoors } from "./check-doors.ts";

const WAIT = { timeout: 30_000, interval: 100 };
const BOUND_RIGHT = 0;

let world: World;
let api: TestApi;
let door: Role;
let folder: string;
let smpp: DoorConfig;
beforeAll(async () => {
  world = await createWorld();
  api = await startApi(world.app);
  folder = mkdtempSync(join(tmpdir(), "pennypost-doors-"));
  const tls = { certificateFile: join(folder, "cert.pem"), keyFile: join(folder, "key.pem") };
  writeCertificate(tls);
  const [port = 0] = await freePorts(1);
  smpp = { host: "127.0.0.1", port, tls };
  door = await startSmpp(world.app, { smpp } as Config);
});
afterAll(async () => {
  await door.stop();
  await api.close();
  await world.close();
  rmSync(folder, { recursive: true });
});

/** Good for a day. */
function writeCertificate({ certificateFile, keyFile }: NonNullable<DoorConfig["tls"]>): void {
  const { cert, key } = selfSigned();
  writeFileSync(certificateFile, cert);
  writeFileSync(keyFile, key);
}

const look = (config: Partial<Pick<Config, "smpp" | "smtp">>) =>
  checkDoors(world.app.db, { smpp: undefined, smtp: undefined, ...config });

describe("a door for customers' systems", () => {
  it("that is shut for good is not looked at", async () => {
    expect(await look({})).toEqual([]);
  });

  it("that nobody keeps is wrong", async () => {
    const [port = 0] = await freePorts(1);
    expect(await look({ smtp: { host: "127.0.0.1", port, tls: undefined } })).toMatchObject([
      { verdict: "fail", about: "smtp door", what: expect.stringMatching(/does not answer.*role smtp/) },
    ]);
  });

  it("that is open says who is bound, by TLS, and until when its certificate is good", async () => {
    const account = await makeAccount(world, await world.service());
    const customer = await bindCustomer({ ...account, port: smpp.port, tls: true });
    expect(customer.bindStatus).toBe(BOUND_RIGHT);
    await vi.waitFor(async () => {
      const { json } = await api.get("/_status");
      expect(json.doors).toMatchObject([{ door: "smpp", processes: 1, binds: 1 }]);
      expect(Date.parse(json.doors[0].certificate_ends_at)).toBeGreaterThan(Date.now());
      expect(await look({ smpp })).toMatchObject([
        { verdict: "ok", what: `127.0.0.1:${smpp.port} answers, 1 bound` },
        { verdict: "warn", what: expect.stringMatching(/^ends \d{4}-\d{2}-\d{2}, in [01] days: have a new one made$/) },
      ]);
    }, WAIT);
    customer.drop();
  });

  it("whose file cannot be read says so", async () => {
    const tls = { certificateFile: join(folder, "none.pem"), keyFile: join(folder, "none.pem") };
    const [, certificate] = await look({ smpp: { ...smpp, tls } });
    expect(certificate).toMatchObject({ verdict: "fail", what: expect.stringContaining("cannot be read") });
  });

  it("says no more that it is open once it is shut", async () => {
    await door.stop();
    expect((await api.get("/_status")).json).not.toHaveProperty("doors");
    door = await startSmpp(world.app, { smpp } as Config);
  });
});
