/** The smpp role: the door for customers' systems. It stays shut until it is given a port. */
import { readFile } from "node:fs/promises";
import { createSecureContext, type TlsOptions } from "node:tls";
import type { Config, SmppConfig } from "../config.ts";
import type { App } from "../flow/app.ts";
import { createIntake } from "../flow/intake/create-intake.ts";
import { CannotStart } from "../platform/cannot-start.ts";
import { startSmppDoor } from "../servers/smpp/smpp-door.ts";
import { portProblem } from "./port-problem.ts";
import type { Role } from "./web.ts";

export async function startSmpp(app: App, { smpp }: Config): Promise<Role> {
  if (!smpp) throw new CannotStart("The smpp role needs a port: set PENNYPOST_SMPP_PORT");
  const { host, port } = smpp;
  const tls = await readTls(smpp);
  try {
    return await startSmppDoor({ intake: createIntake(app), host, port, tls });
  } catch (error) {
    throw portProblem(error, { port, setting: "PENNYPOST_SMPP_PORT" });
  }
}

async function readTls({ tls }: SmppConfig): Promise<TlsOptions | undefined> {
  if (!tls) return undefined;
  const cert = await readPem("PENNYPOST_SMPP_TLS_CERTIFICATE", tls.certificateFile);
  const key = await readPem("PENNYPOST_SMPP_TLS_KEY", tls.keyFile);
  try {
    createSecureContext({ cert, key });
  } catch {
    throw new CannotStart("PENNYPOST_SMPP_TLS_CERTIFICATE and PENNYPOST_SMPP_TLS_KEY are no certificate and its key");
  }
  return { cert, key, minVersion: "TLSv1.2" };
}

async function readPem(setting: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new CannotStart(`${setting} names ${file}, which cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
}
