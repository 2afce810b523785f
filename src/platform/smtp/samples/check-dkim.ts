/** For tests: a receiver's check of a DKIM signature, sharing nothing with the code that signs. */
import { createHash, type KeyObject, verify } from "node:crypto";

/** Checks the first signature of a mail the way a receiver does (RFC 6376 §6), knowing nothing of how it was made. */
export function isSigned(mail: string, key: KeyObject): boolean {
  const [head = "", ...rest] = mail.split("\r\n\r\n");
  const headers = head.split(/\r\n(?![ \t])/);
  const signature = headers.find((line) => /^dkim-signature:/i.test(line)) ?? "";
  const tags = new Map(
    signature
      .slice(signature.indexOf(":") + 1)
      .split(";")
      .map((tag) => [tag.split("=", 1)[0]?.trim() ?? "", tag.slice(tag.indexOf("=") + 1).replace(/\s/g, "")]),
  );
  const body = `${rest.join("\r\n\r\n")}\r\n`
    .replace(/[\t ]+/g, " ")
    .replace(/ \r\n/g, "\r\n")
    .replace(/(\r\n)+$/, "\r\n");
  if (createHash("sha256").update(body, "latin1").digest("base64") !== tags.get("bh")) return false;
  const unused = [...headers];
  const picked = (tags.get("h") ?? "").split(":").map((name) => {
    const index = unused.findLastIndex((line) => line.slice(0, line.indexOf(":")).trim().toLowerCase() === name);
    return index === -1 ? "" : `${relax(unused.splice(index, 1)[0] ?? "")}\r\n`;
  });
  const signed = Buffer.from(picked.join("") + relax(signature.replace(/([;\s]b=)[^;]*/, "$1")), "latin1");
  const value = Buffer.from(tags.get("b") ?? "", "base64");
  if (key.asymmetricKeyType === "rsa") return verify("sha256", signed, key, value);
  return verify(null, createHash("sha256").update(signed).digest(), key, value);
}

function relax(line: string): string {
  const name = line.slice(0, line.indexOf(":")).trim().toLowerCase();
  const value = line
    .slice(line.indexOf(":") + 1)
    .replace(/\r\n/g, "")
    .replace(/[\t ]+/g, " ")
    .trim();
  return `${name}:${value}`;
}
