import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { isWebhookSecret, newWebhookSecret, signWebhook } from "./webhook-signature.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

describe("signWebhook", () => {
  it("gives the signature of the specification's own example", () => {
    const at = new Date(1_614_265_330_000);
    const headers = signWebhook([SECRET], { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", at, body: '{"test": 2432232314}' });
    expect(headers).toEqual({
      "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    });
  });

  it.each(['{"id":"1","to":"£ and 🙂"}', "{}", `{"long":"${"x".repeat(10_000)}"}`])(
    "is accepted by the standard library for %#",
    (body) => {
      const secret = newWebhookSecret();
      const headers = signWebhook([secret], { id: "one", at: new Date(), body });
      expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    },
  );

  it("is accepted with the old and with the new secret while one replaces the other", () => {
    const [before, after] = [newWebhookSecret(), newWebhookSecret()];
    const headers = signWebhook([after, before], { id: "one", at: new Date(), body: "{}" });
    expect(new Webhook(before).verify("{}", headers)).toEqual({});
    expect(new Webhook(after).verify("{}", headers)).toEqual({});
  });

  it("is refused by the standard library once a byte has changed", () => {
    const secret = newWebhookSecret();
    const headers = signWebhook([secret], { id: "one", at: new Date(), body: '{"a":1}' });
    expect(() => new Webhook(secret).verify('{"a":2}', headers)).toThrow("No matching signature found");
    expect(() => new Webhook(newWebhookSecret()).verify('{"a":1}', headers)).toThrow("No matching signature found");
  });
});

describe("isWebhookSecret", () => {
  it("accepts every secret we make", () => {
    expect(isWebhookSecret(newWebhookSecret())).toBe(true);
  });

  it.each([
    "",
    "whsec_",
    "whsec_c2hvcnQ=",
    "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "whsec_not base64!",
    `whsec_${"A".repeat(100)}`,
  ])("refuses %j", (text) => {
    expect(isWebhookSecret(text)).toBe(false);
  });
});
