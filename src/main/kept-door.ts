/** A door for customers' systems that is open: told of as long as it is, and with the certificate that is good at the time. */
import type { TlsFiles } from "../config.ts";
import type { App } from "../flow/app.ts";
import { type KeptDoor, tellOfDoor } from "../flow/doors/door-news.ts";
import { certificateEnd } from "../platform/certificate-end.ts";
import { type Pem, watchTls } from "./read-tls.ts";
import type { Role } from "./web.ts";

interface Opened extends Pick<KeptDoor, "door"> {
  /** How the settings' names begin. */
  prefix: string;
  files: TlsFiles | undefined;
  pem: Pem | undefined;
  opened: { binds?(): number; renew(pem: Pem): void; stop(): Promise<void> };
}

export function keptDoor(app: App, { door, prefix, files, pem, opened }: Opened): Role {
  const shown = { pem };
  const news = tellOfDoor(app, {
    door,
    binds: () => opened.binds?.() ?? 0,
    certificateEndsAt: () => shown.pem && certificateEnd(shown.pem.cert),
  });
  const renew = (next: Pem): void => {
    opened.renew(next);
    shown.pem = next;
  };
  const endWatch = files && watchTls({ prefix, tls: files, log: app.log }, renew);
  return {
    stop: async () => {
      endWatch?.();
      await opened.stop();
      await app.floods.flush();
      await news.stop();
    },
  };
}
