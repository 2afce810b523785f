import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import NodemailerDkim from "nodemailer/lib/dkim";
import MailComposer from "nodemailer/lib/mail-composer";
import { describe, expect, it } from "vitest";
import { createDkimKey, dkimRecordValue, dnsRecordsFor } from "./dkim-keys.ts";
import { dkimSigner } from "./dkim-sign.ts";
import { isSigned } from "./samples/check-dkim.ts";

/** RFC 8463 appendix A: a key pair and a mail signed with it. */
const RFC8463_PUBLIC_KEY = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
const RFC8463_PRIVATE_KEY = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
const RFC8463_MAIL = [
  "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed;",
  " d=football.example.com; i=@football.example.com;",
  " q=dns/txt; s=brisbane; t=1528637909; h=from : to :",
  " subject : date : message-id : from : subject : date;",
  " bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;",
  " b=/gCrinpcQOoIfuHNQIbq4pgh9kyIK3AQUdt9OdqQehSwhEIug4D11Bus",
  " Fa3bT3FY5OsU7ZbnKELq+eXdp1Q1Dw==",
  "From: Joe SixPack <joe@football.example.com>",
  "To: Suzie Q <suzie@shopping.example.net>",
  "Subject: Is dinner ready?",
  "Date: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)",
  "Message-ID: <20030712040037.46341.5F8J@football.example.com>",
  "",
  "Hi.",
  "",
  "We lost the game.  Are you hungry yet?",
  "",
  "Joe.",
  "",
].join("\r\n");

const ED25519_PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");
const rfc8463Key = createPrivateKey({
  key: Buffer.concat([ED25519_PKCS8, Buffer.from(RFC8463_PRIVATE_KEY, "base64")]),
  format: "der",
  type: "pkcs8",
});

function publicKeyOf(privateKeyPem: string): KeyObject {
  return createPublicKey(createPrivateKey(privateKeyPem));
}

const KEYS = { rsa: await createDkimKey("rsa"), ed25519: await createDkimKey("ed25519") };

function compose(subject = "Grüße", text = "Two  spaces \r\n\r\n.dot\r\n\r\n\r\n"): Promise<Buffer> {
  const headers = {
    "List-Unsubscribe": "<https://example.org/u/1>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
  };
  const from = { name: "Town Café", address: "town@news.example.org" };
  return new MailComposer({ from, to: "a@b.example", subject, text, html: `<p>${text}</p>`, headers, newline: "win" })
    .compile()
    .build();
}

describe("the checker of these tests", () => {
  it("accepts the mail of RFC 8463 and refuses it changed", () => {
    expect(isSigned(RFC8463_MAIL, createPublicKey(rfc8463Key))).toBe(true);
    expect(isSigned(RFC8463_MAIL.replace("dinner", "supper"), createPublicKey(rfc8463Key))).toBe(false);
    expect(isSigned(RFC8463_MAIL.replace("Joe.\r\n", "Jo.\r\n"), createPublicKey(rfc8463Key))).toBe(false);
  });

  it("accepts what another signer signs with RSA", async () => {
    const mail = await compose();
    const other = new NodemailerDkim({ domainName: "example.org", keySelector: "k", privateKey: KEYS.rsa });
    const signed = Buffer.concat(await other.sign(mail).toArray()).toString("latin1");
    expect(isSigned(signed, publicKeyOf(KEYS.rsa))).toBe(true);
  });
});

describe("dkimSigner", () => {
  it.each(["rsa", "ed25519"] as const)("signs so that a receiver can check it: %s", async (algorithm) => {
    const signer = dkimSigner([{ domain: "example.org", selector: "s1", privateKeyPem: KEYS[algorithm] }]);
    const signed = (await signer.sign(await compose(), "town@news.example.org")).toString("latin1");
    expect(signed).toContain(`a=${algorithm}-sha256`);
    expect(isSigned(signed, publicKeyOf(KEYS[algorithm]))).toBe(true);
    expect(isSigned(signed.replace("One-Click", "Two-Click"), publicKeyOf(KEYS[algorithm]))).toBe(false);
    expect(isSigned(signed.replace("u/1", "u/2"), publicKeyOf(KEYS[algorithm]))).toBe(false);
    expect(isSigned(signed.replace("</p>", "</b>"), publicKeyOf(KEYS[algorithm]))).toBe(false);
  });

  it.each([
    ["empty", ""],
    ["only line ends", "\r\n\r\n\r\n"],
    ["only spaces", "  \r\n \t\r\n"],
    ["without a last line end", "a"],
    ["with spaces at its end", "a \t \r\n b\t\tc \r\n\r\n"],
  ])("agrees with another signer on a body %s", async (_what, body) => {
    const mail = Buffer.from(`From: a@example.org\r\nSubject:  a\r\n\tb \r\n\r\n${body}`);
    const other = new NodemailerDkim({ domainName: "example.org", keySelector: "k", privateKey: KEYS.rsa });
    const theirs = Buffer.concat(await other.sign(mail).toArray()).toString("latin1");
    const signer = dkimSigner([{ domain: "example.org", selector: "k", privateKeyPem: KEYS.rsa }]);
    const ours = (await signer.sign(mail, "a@example.org")).toString("latin1");
    const hash = (signed: string) => /bh=([^;\s]+)/.exec(signed)?.[1];
    expect(hash(ours)).toBe(hash(theirs));
  });

  it.each([
    "From: b@evil.example",
    "Subject: b",
    "List-Unsubscribe: <https://evil.example>",
    "Reply-To: b@evil.example",
  ])("leaves no room for another %s", async (field) => {
    const signer = dkimSigner([{ domain: "example.org", selector: "s1", privateKeyPem: KEYS.ed25519 }]);
    const mail = Buffer.from("From: a@example.org\r\nSubject: a\r\n\r\ntext\r\n");
    const signed = (await signer.sign(mail, "a@example.org")).toString();
    expect(isSigned(signed, publicKeyOf(KEYS.ed25519))).toBe(true);
    expect(isSigned(`${field}\r\n${signed}`, publicKeyOf(KEYS.ed25519))).toBe(false);
  });

  it("signs with every key of the nearest domain", async () => {
    const signer = dkimSigner([
      { domain: "example.org", selector: "above", privateKeyPem: KEYS.rsa },
      { domain: "news.example.org", selector: "r", privateKeyPem: KEYS.rsa },
      { domain: "news.example.org", selector: "e", privateKeyPem: KEYS.ed25519 },
    ]);
    const signed = (await signer.sign(await compose(), "town@news.example.org")).toString("latin1");
    expect([...signed.matchAll(/ s=(\w+)/g)].map(([, selector]) => selector)).toEqual(["r", "e"]);
  });

  it.each(["a@example.net", "a@notexample.org", "a@org", "nonsense"])(
    "leaves a mail from %s as it is",
    async (from) => {
      const signer = dkimSigner([{ domain: "example.org", selector: "s1", privateKeyPem: KEYS.rsa }]);
      const mail = await compose();
      expect(await signer.sign(mail, from)).toBe(mail);
    },
  );

  it("matches a domain of any script by its ASCII form", async () => {
    const signer = dkimSigner([{ domain: "bücher.example", selector: "s1", privateKeyPem: KEYS.ed25519 }]);
    const signed = await signer.sign(await compose(), "a@BÜCHER.example");
    expect(signed.toString("latin1")).toContain("d=xn--bcher-kva.example");
  });

  it("refuses a key it cannot read, and does not print it", () => {
    const use = () => dkimSigner([{ domain: "example.org", selector: "s1", privateKeyPem: "SECRET" }]);
    expect(use).toThrow("The DKIM key of example.org cannot be read");
    expect(use).not.toThrow("SECRET");
  });
});

describe("DNS records", () => {
  it("the key of RFC 8463 gives the record of RFC 8463", () => {
    const pem = rfc8463Key.export({ type: "pkcs8", format: "pem" }).toString();
    expect(dkimRecordValue(pem)).toBe(`v=DKIM1; k=ed25519; p=${RFC8463_PUBLIC_KEY}`);
  });

  it("say all that receivers look for, in strings a zone file can hold", () => {
    const records = dnsRecordsFor({
      domain: "bücher.example",
      dkim: [{ domain: "bücher.example", selector: "s1", privateKeyPem: KEYS.rsa }],
      bounces: { domain: "bounces.bücher.example", host: "mail.bücher.example" },
      spfMechanisms: ["ip4:192.0.2.1", "include:spf.example.net"],
      dmarcReportsTo: "dmarc@example.net",
    });
    const [key, ...others] = records;
    expect(key?.name).toBe("s1._domainkey.xn--bcher-kva.example");
    expect(key?.value).toMatch(/^v=DKIM1; k=rsa; p=[A-Za-z0-9+/]{300,}=*$/);
    expect(key?.strings.map(({ length }) => length <= 255)).toEqual([true, true]);
    expect(key?.strings.join("")).toBe(key?.value);
    expect(others.map(({ name, type, value }) => `${name} ${type} ${value}`)).toEqual([
      "bounces.xn--bcher-kva.example MX 10 mail.xn--bcher-kva.example.",
      "bounces.xn--bcher-kva.example TXT v=spf1 ip4:192.0.2.1 include:spf.example.net -all",
      "_dmarc.xn--bcher-kva.example TXT v=DMARC1; p=quarantine; rua=mailto:dmarc@example.net",
    ]);
  });

  it("put SPF on the sending domain when bounces have none of their own", () => {
    const records = dnsRecordsFor({ domain: "example.org", dkim: [], spfMechanisms: ["mx"] });
    expect(records.map(({ name, value }) => `${name} ${value}`)).toEqual([
      "example.org v=spf1 mx -all",
      "_dmarc.example.org v=DMARC1; p=quarantine",
    ]);
  });
});
