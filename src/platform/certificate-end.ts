/** Until when a certificate is good. */
import { X509Certificate } from "node:crypto";

/** `pem`: the certificate, and perhaps those that vouch for it after it. Throws when there is none. */
export function certificateEnd(pem: string): Date {
  return new Date(new X509Certificate(pem).validTo);
}
