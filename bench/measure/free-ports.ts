/** Ports for what is measured: free, and below those that the system gives to outgoing connections, which a load would collide with. */
import { createServer } from "node:net";

const FIRST = 21_000;
const LAST = 32_700;

/** So many different free ports of the loopback interface. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  let candidate = FIRST + Math.floor(Math.random() * (LAST - FIRST - 1_000));
  while (ports.length < count && candidate < LAST) {
    if (await isFree(candidate)) ports.push(candidate);
    candidate += 1;
  }
  if (ports.length < count) throw new Error("there are not enough free ports");
  return ports;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
