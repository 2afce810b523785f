import { describe, expect, it } from "vitest";
import { CAPABILITIES, type Capability, mayDo, serviceHome, type Visitor } from "./permissions.ts";

const SERVICE = { id: "s", organisationId: "o", archivedAt: undefined };

const nobody: Visitor = { userId: "u", isPlatformAdmin: false, memberships: [], organisations: [] };
const member = (...permissions: Visitor["memberships"][number]["permissions"]): Visitor => ({
  ...nobody,
  memberships: [{ serviceId: "s", permissions }],
});
const ofOrganisation = (mayMakeLive: boolean): Visitor => ({
  ...nobody,
  organisations: [{ organisationId: "o", mayMakeLive }],
});

/** The columns of the table below. B: templates and manager both; P: an approver of the organisation; N: a stranger. */
const VISITORS: Record<string, Visitor> = {
  M: member(),
  S: member("send_messages"),
  D: member("view_activity"),
  T: member("manage_templates"),
  G: member("manage_service"),
  K: member("manage_api_keys"),
  B: member("manage_templates", "manage_service"),
  O: ofOrganisation(false),
  P: ofOrganisation(true),
  A: { ...nobody, isPlatformAdmin: true },
  N: { ...nobody, memberships: [{ serviceId: "another", permissions: ["manage_service"] }] },
};

const TABLE: Record<Capability, string> = {
  "see-dashboard": "D G B A",
  "see-inbox": "D A",
  "see-messages": "M S D T G K B A",
  "see-message": "S D A",
  "export-messages": "D A",
  "cancel-message": "S A",
  "see-templates": "M S D T G K B O P A",
  "edit-templates": "T B A",
  "share-folders": "B A",
  "send-messages": "S",
  "see-team": "M S D T G K B O P A",
  "manage-team": "G B A",
  "see-usage": "G B O P A",
  "see-settings": "G K B A",
  "manage-settings": "G B A",
  "see-audit": "G B A",
  "request-go-live": "G B A",
  "archive-trial-service": "G B A",
  "approve-go-live": "P A",
  "see-api-integration": "K A",
  "manage-api-integration": "K A",
  "create-api-key": "K",
  "process-unsubscribes": "D",
  "set-limits": "A",
  "suspend-service": "A",
};

describe("who may do what", () => {
  it.each(CAPABILITIES.map((capability) => [capability, TABLE[capability]] as const))(
    "%s: %s",
    (capability, allowed) => {
      const may = Object.keys(VISITORS).filter((name) => mayDo(VISITORS[name] ?? nobody, capability, SERVICE));
      expect(may.join(" ")).toBe(allowed);
    },
  );

  it("of an archived service is for platform administrators alone", () => {
    const archived = { ...SERVICE, archivedAt: new Date(0) };
    const allowed = Object.entries(VISITORS).filter(([, visitor]) =>
      CAPABILITIES.some((capability) => mayDo(visitor, capability, archived)),
    );
    expect(allowed.map(([name]) => name)).toEqual(["A"]);
  });

  it("lets a platform administrator who is a member send, and one who is not only look", () => {
    const both = { ...member("send_messages"), isPlatformAdmin: true };
    expect(mayDo(both, "send-messages", SERVICE)).toBe(true);
  });

  it("gives an organisation nothing of services that are nobody's", () => {
    const loose = { ...SERVICE, organisationId: undefined };
    expect(CAPABILITIES.filter((capability) => mayDo(ofOrganisation(true), capability, loose))).toEqual([]);
  });
});

describe("where a service begins", () => {
  it.each([
    ["M", "templates"],
    ["S", "templates"],
    ["D", "dashboard"],
    ["T", "templates"],
    ["G", "templates"],
    ["K", "templates"],
    ["O", "usage"],
    ["A", "dashboard"],
    ["N", undefined],
  ])("for %s: %s", (name, home) => {
    expect(serviceHome(VISITORS[name] ?? nobody, SERVICE)).toBe(home);
  });
});
