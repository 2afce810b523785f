/** A door for customers' systems that is open, and told of as long as it is. */
import type { App } from "../flow/app.ts";
import { type KeptDoor, tellOfDoor } from "../flow/doors/door-news.ts";
import { certificateEnd } from "../platform/certificate-end.ts";
import type { Role } from "./web.ts";

interface Opened extends Pick<KeptDoor, "door" | "binds"> {
  tls: { cert: string } | undefined;
  stop(): Promise<void>;
}

export function keptDoor(app: App, { door, tls, binds, stop }: Opened): Role {
  const news = tellOfDoor(app, { door, binds, certificateEndsAt: tls && certificateEnd(tls.cert) });
  return {
    stop: async () => {
      await stop();
      await news.stop();
    },
  };
}
