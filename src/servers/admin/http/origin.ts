/** Whether a request that changes something comes from a page of ours, as browsers say with each (Fetch Standard §3.1). */
import type { FastifyRequest } from "fastify";

/** Without the header it is no browser's form, and the token alone decides. */
export function isFromOurPages(request: FastifyRequest, ourOrigin: string): boolean {
  const { origin, "sec-fetch-site": site } = request.headers;
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  if (origin === undefined) return true;
  return origin === ourOrigin;
}
