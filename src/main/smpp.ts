/** The smpp role: the door for customers' systems that send texts. It stays shut until it is given a port. */
import type { Config } from "../config.ts";
import type { App } from "../flow/app.ts";
import { createIntake } from "../flow/intake/create-intake.ts";
import { CannotStart } from "../platform/cannot-start.ts";
import { startSmppDoor } from "../servers/smpp/smpp-door.ts";
import { keptDoor } from "./kept-door.ts";
import { portProblem } from "./port-problem.ts";
import { readTls } from "./read-tls.ts";
import type { Role } from "./web.ts";

export async function startSmpp(app: App, { smpp }: Config): Promise<Role> {
  if (!smpp) throw new CannotStart("The smpp role needs a port: set PENNYPOST_SMPP_PORT");
  const { host, port } = smpp;
  const pem = smpp.tls && (await readTls("PENNYPOST_SMPP", smpp.tls));
  const tls = pem && ({ ...pem, minVersion: "TLSv1.2" } as const);
  try {
    const opened = await startSmppDoor({ intake: createIntake(app), host, port, tls });
    return keptDoor(app, { door: "smpp", prefix: "PENNYPOST_SMPP", files: smpp.tls, pem, opened });
  } catch (error) {
    throw portProblem(error, { port, setting: "PENNYPOST_SMPP_PORT" });
  }
}
