/** Ports for what is measured: free, and below those that the system gives to outgoing connections, which a load would collide with. */
import { createServer } from "node:net";

const FIRST = 21_000;
const LAST = 32_700;
/** Tests run side by side: none takes the ports that another has found free and does not listen on yet. */
const RANGES = 4;
const RANGE_PORTS = Math.floor((LAST - FIRST) / RANGES);
const START_BEFORE_END_PORTS = 500;

/** So many different free ports of the loopback interface. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  const first = FIRST + (Number(process.env["VITEST_POOL_ID"] ?? 0) % RANGES) * RANGE_PORTS;
  let candidate = first + Math.floor(Math.random() * (RANGE_PORTS - START_BEFORE_END_PORTS));
  while (ports.length < count && candidate < first + RANGE_PORTS) {
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
