/** A supplier's HTTP request, as a provider reads it. */
import type { FastifyRequest } from "fastify";

export interface SupplierRequest {
  headers: Record<string, string | undefined>;
  query: Record<string, string>;
  body: Buffer;
}

export function supplierRequest({ headers, query, body }: FastifyRequest): SupplierRequest {
  return {
    headers: firstOfEach(headers),
    query: firstOfEach(query as Record<string, string | string[]>) as Record<string, string>,
    body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
  };
}

function firstOfEach(values: Record<string, string | string[] | undefined>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}
