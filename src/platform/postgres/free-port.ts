/** A port for the server: its last one when that is free, so that what an operator noted down stays true. */
import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { CannotStart } from "../cannot-start.ts";

/** Below the ports that systems hand out to outgoing connections (32768 on Linux): one of those could take ours while we are down. */
const PORT_MIN = 20_000;
const PORT_MAX = 32_767;
const ATTEMPTS_MAX = 50;

export async function chooseFreePort(preferred: number | undefined): Promise<number> {
  if (preferred !== undefined && (await isFree(preferred))) return preferred;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    const port = randomInt(PORT_MIN, PORT_MAX + 1);
    if (await isFree(port)) return port;
  }
  throw new CannotStart(`No free port for the database on 127.0.0.1 between ${PORT_MIN} and ${PORT_MAX}`);
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
