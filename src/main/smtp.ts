/** The smtp role: the door for customers' systems that send mail. It stays shut until it is given a port. */
import type { Config, DoorConfig } from "../config.ts";
import type { App } from "../flow/app.ts";
import { createIntake } from "../flow/intake/create-intake.ts";
import { CannotStart } from "../platform/cannot-start.ts";
import { startSmtpDoor } from "../servers/smtp/smtp-door.ts";
import { keptDoor } from "./kept-door.ts";
import { portProblem } from "./port-problem.ts";
import { readTls } from "./read-tls.ts";
import type { Role } from "./web.ts";

const LOOPBACK = /^(127\.|::1$|localhost$)/;

export async function startSmtp(app: App, { smtp }: Config): Promise<Role> {
  if (!smtp) throw new CannotStart("The smtp role needs a port: set PENNYPOST_SMTP_PORT");
  refuseIfOverheard(smtp);
  const { host, port } = smtp;
  const pem = smtp.tls && (await readTls("PENNYPOST_SMTP", smtp.tls));
  try {
    const opened = await startSmtpDoor({ intake: createIntake(app), host, port, tls: pem });
    return keptDoor(app, { door: "smtp", prefix: "PENNYPOST_SMTP", files: smtp.tls, pem, opened });
  } catch (error) {
    throw portProblem(error, { port, setting: "PENNYPOST_SMTP_PORT" });
  }
}

/** A password that says who a service is travels no network in the open. */
function refuseIfOverheard({ host, tls }: DoorConfig): void {
  if (tls || LOOPBACK.test(host)) return;
  throw new CannotStart(
    `PENNYPOST_SMTP_HOST ${host} can be reached from elsewhere: set PENNYPOST_SMTP_TLS_CERTIFICATE and PENNYPOST_SMTP_TLS_KEY`,
  );
}
