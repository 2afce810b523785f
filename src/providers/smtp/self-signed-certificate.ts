/** For tests: a certificate that signs itself (X.509, RFC 5280), written byte by byte, since Node can read certificates but not make them. */
import { generateKeyPairSync, sign } from "node:crypto";

const SEQUENCE = 0x30;
const SET = 0x31;
const OBJECT_ID = { ecdsaWithSha256: "06082a8648ce3d040302", commonName: "0603550403", subjectAltName: "0603551d11" };

/** Certificate and private key in PEM, good for a day, for a host name and an IPv4 address. */
export function selfSignedCertificate(host: string, address: string): { cert: string; key: string } {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = der(SEQUENCE, hex(OBJECT_ID.ecdsaWithSha256));
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, hex(OBJECT_ID.commonName), der(0x0c, Buffer.from(host)))));
  const day = 24 * 60 * 60 * 1000;
  const validity = der(SEQUENCE, time(Date.now() - day), time(Date.now() + day));
  const octets = Buffer.from(address.split(".").map(Number));
  const names = der(SEQUENCE, der(0x82, Buffer.from(host)), der(0x87, octets));
  const extensions = der(0xa3, der(SEQUENCE, der(SEQUENCE, hex(OBJECT_ID.subjectAltName), der(0x04, names))));
  const version3 = hex("a003020102");
  const serial = hex("020101");
  const spki = publicKey.export({ type: "spki", format: "der" });
  const content = der(SEQUENCE, version3, serial, algorithm, name, validity, name, spki, extensions);
  const signature = der(0x03, hex("00"), sign("sha256", content, privateKey));
  const base64 = der(SEQUENCE, content, algorithm, signature).toString("base64");
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

/** A tag, a length and what it holds (ITU-T X.690 §8.1). */
function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const long = length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...(length < 128 ? [length] : long)]), content]);
}

function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, "");
  return der(0x17, Buffer.from(digits.slice(2)));
}

function hex(text: string): Buffer {
  return Buffer.from(text, "hex");
}
