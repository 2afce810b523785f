import { describe, expect, it } from "vitest";
import { readXml } from "../../platform/read-xml.ts";
import { isSameOrganisation, NOTIFICATIONS_MAX, readOutboundMessage } from "./outbound-message.ts";
import { SALESFORCE_MESSAGE } from "./sample-bodies.ts";

const read = (text: string) => {
  const xml = readXml(Buffer.from(text));
  return xml && readOutboundMessage(xml);
};
const [NOTIFICATION = ""] = /<Notification>[\s\S]*<\/Notification>/.exec(SALESFORCE_MESSAGE) ?? [];

describe("an outbound message", () => {
  it("is read by the names it has, without the session", () => {
    const sObject = {
      ...{ type: "Contact", Id: "003000000000001AAA", FirstName: "Ada", LastName: "Lovelace & Co" },
      ...{ Email: "ada@example.com", MobilePhone: "07700 900123" },
    };
    expect(read(SALESFORCE_MESSAGE)).toEqual({
      organisationId: "00D000000000001EAA",
      notifications: [{ Id: "04l000000000001AAA", sObject }],
    });
  });

  it("has several notifications, nothing where nothing is written, and a list of what comes twice", () => {
    const changed = NOTIFICATION.replace(
      "<sf:Email>ada@example.com</sf:Email>",
      '<sf:Email xsi:nil="true"/><sf:P>a</sf:P><sf:P>b</sf:P>',
    );
    const message = read(SALESFORCE_MESSAGE.replace(NOTIFICATION, NOTIFICATION + changed));
    expect(message?.notifications[1]).toMatchObject({ sObject: { Email: null, P: ["a", "b"] } });
  });

  it.each([
    ["no organization", SALESFORCE_MESSAGE.replace("00D000000000001EAA", "")],
    ["no notification", SALESFORCE_MESSAGE.replace(NOTIFICATION, "")],
    ["too many", SALESFORCE_MESSAGE.replace(NOTIFICATION, NOTIFICATION.repeat(NOTIFICATIONS_MAX + 1))],
    ["another element", "<notifications><OrganizationId>1</OrganizationId></notifications>"],
    ["a document type", `<!DOCTYPE x [<!ENTITY a "b">]>${SALESFORCE_MESSAGE.replace(/<\?.*\?>/, "")}`],
    ["an entity of its own", SALESFORCE_MESSAGE.replace("&amp;", "&a;")],
    ["no end", SALESFORCE_MESSAGE.slice(0, -10)],
    ["too deep", `${"<a>".repeat(40)}${"</a>".repeat(40)}`],
    ["too many elements", `<a>${"<b/>".repeat(20_001)}</a>`],
    ["JSON", "{}"],
    ["nothing", ""],
  ])("with %s is none", (_, text) => expect(read(text)).toBeUndefined());

  it("in another encoding is none", () => expect(readXml(Buffer.from([0xff, 0xfe, 0x3c, 0x00]))).toBeUndefined());
});

it.each([
  ["00D000000000001EAA", "00D000000000001", true],
  ["00D000000000001", "00D000000000002", false],
  ["00D000000000001", "", false],
  ["", "", false],
])("organizations %j and %j are the same: %j", (one, other, isSame) => {
  expect(isSameOrganisation(one, other)).toBe(isSame);
});
