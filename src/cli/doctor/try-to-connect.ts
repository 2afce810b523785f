/** Whether something answers at an address. */
import { connect } from "node:net";

const CONNECT_TIMEOUT_MS = 5_000;

/** Why not; undefined when it does. */
export function tryToConnect(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_TIMEOUT_MS });
    const end = (why: string | undefined) => {
      socket.destroy();
      resolve(why);
    };
    socket.once("connect", () => end(undefined));
    socket.once("timeout", () => end("no answer in five seconds"));
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? "unreachable"));
  });
}
