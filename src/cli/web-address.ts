import type { Config } from "../config.ts";

/** Where this machine itself finds API and admin web.  { host: "::1", ports: { web: 6080 } } → "http://[::1]:6080" */
export function webAddress({ host, ports, tls }: Pick<Config, "host" | "ports" | "tls">): string {
  return `${tls ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}:${ports.web}`;
}
