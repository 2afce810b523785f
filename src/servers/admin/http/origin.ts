/** Where the admin web is, as browsers know it and as links in messages say it. */
import type { FastifyRequest } from "fastify";

/** Names that lead to this machine wherever they are read (RFC 6761 §6.3), so that a link with one gives nothing away. */
const OWN_NAMES = new Set(["localhost", "127.0.0.1", "[::1]"]);

type Asked = Pick<FastifyRequest, "protocol" | "host" | "hostname">;

/** The origin a browser has asked at, for comparing with what it says of itself. */
export function originAskedAt(
  configured: string | undefined,
  { protocol, host }: Pick<Asked, "protocol" | "host">,
): string {
  return configured ?? `${protocol}://${host}`;
}

/**
 * The origin of links that we send out. Whoever asks writes the Host header, and a link to set a new password must not lead to
 * them: without `PENNYPOST_ADMIN_ORIGIN` only this machine's own names are believed.
 */
export function originForLinks(
  configured: string | undefined,
  { protocol, host, hostname, socket }: Asked & { socket: { localPort?: number | undefined; encrypted?: boolean } },
): string {
  if (configured !== undefined) return configured;
  if (OWN_NAMES.has(hostname)) return `${protocol}://${host}`;
  return `${socket.encrypted ? "https" : "http"}://127.0.0.1:${socket.localPort ?? 0}`;
}

/** Whether a request that changes something comes from a page of ours, as browsers say with each (Fetch Standard §3.1). */
export function isFromOurPages(request: FastifyRequest, ourOrigin: string): boolean {
  const { origin, "sec-fetch-site": site } = request.headers;
  // Without the headers it is no browser's form, and the token alone decides.
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  if (origin === undefined) return true;
  return origin === ourOrigin;
}
