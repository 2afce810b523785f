import { afterEach, expect, it, vi } from "vitest";
import { PATIENCE } from "../../../../test/support/patience.ts";
import { silentLog } from "../../../platform/log.ts";
import { smtpProvider } from "../../../providers/smtp/smtp-provider.ts";
import { startMailbox } from "../../../sandbox/mailbox/mailbox.ts";
import { type BounceReport, startBounceServer } from "./bounce-server.ts";

const SECRET = "a secret of the deployment";
const HERE = { host: "127.0.0.1", port: 0, log: silentLog };

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function world() {
  const reports: BounceReport[] = [];
  const news = vi.fn(async () => {});
  const onReport = async (report: BounceReport) => void reports.push(report);
  const bounces = await startBounceServer({ ...HERE, name: "bounces.example.org", verpSecret: SECRET, onReport });
  const mailbox = await startMailbox({ ...HERE, bounceTo: { host: "127.0.0.1", port: bounces.port } });
  const provider = smtpProvider({
    ...HERE,
    name: "sandbox",
    port: mailbox.port,
    security: "none",
    bounces: { domain: "bounces.example.org", secret: SECRET },
  });
  await provider.start({ receipt: news, inbound: news, complaint: news, availability: () => {} });
  closing.push(bounces.stop, mailbox.stop, provider.stop);
  return { provider, reports, news };
}

const MESSAGE = {
  notificationId: "0190f2b0-6a7c-7e3a-9d53-0f5f6d0a1b2c",
  from: { name: "Town", address: "town@example.org" },
  subject: "Hello",
  plainText: "Hello",
  html: "<p>Hello</p>",
};

it.each([
  ["someone@example.com", [{ receipt: { status: "delivered", code: "2.0.0" } }]],
  ["temp-fail@simulator.notify", [{ receipt: { status: "temporary-failure", code: "4.2.2" } }]],
  ["perm-fail@simulator.notify", [{ receipt: { status: "permanent-failure", code: "5.1.1" } }]],
  ["complaint@simulator.notify", [{ receipt: { status: "delivered" } }, { kind: "complaint" }]],
])("an email to %s in the sandbox comes to its end by what the mailbox reports", async (to, expected) => {
  const { provider, reports, news } = await world();
  const outcome = await provider.send({ ...MESSAGE, to });
  await vi.waitFor(() => expect(reports).toHaveLength(expected.length), PATIENCE);
  const inOrder = reports.toSorted((a, b) => b.kind.localeCompare(a.kind));
  expect(inOrder).toMatchObject(expected);
  const references = reports.map((report) => (report.kind === "receipt" ? report.receipt : report.complaint).reference);
  expect(outcome).toMatchObject({ kind: "accepted", references: [...new Set(references)] });
  expect(news).not.toHaveBeenCalled();
});
