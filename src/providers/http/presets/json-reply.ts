import type { SupplierReply } from "../../provider.ts";

export function jsonReply(status: number, body: object): SupplierReply {
  return { status, contentType: "application/json", body: JSON.stringify(body) };
}
