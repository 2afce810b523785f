/**
 * A service and its people from the first day to live: added, joined by invitation and by asking, kept manageable, approved. What people
 * are sent is read from the sandbox's phone and mailbox. All of it without JavaScript, but for where accessibility is measured.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { listOrganisations } from "../../src/records/organisations/organisation-store.ts";
import { expectAccessible, hasBrowser, signIn, startBrowser, type TestBrowser, tabTo } from "../support/browser.ts";
import { startLeanProduct } from "../support/lean-product.ts";
import { openPost, type Post } from "../support/post.ts";
import type { Product } from "../support/product.ts";
import { type Doors, declare, openDoors } from "../support/product-doors.ts";

const PASSWORD = "seven grey herons at dawn";
/** Two dozen looks at a page, each of a second or two. */
const MANY_PAGES_PATIENCE_MS = 180_000;
const EVERYTHING = [
  "Send messages",
  "See the dashboard and what was sent",
  "Write and change templates",
  "Manage settings, team and usage",
  "Manage the API integration",
];

let product: Product;
let doors: Doors;
let post: Post;
let organisationId: string;
beforeAll(async () => {
  product = await startLeanProduct();
  doors = await openDoors(product);
  post = openPost(doors);
  const council = (await listOrganisations(doors.db)).find(({ name }) => name === "Northwold Council");
  organisationId = council?.id ?? "";
});
afterAll(async () => {
  await doors?.close();
  await product?.close();
});

const pathOf = (page: Page) => new URL(page.url()).pathname;
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const follow = (page: Page, name: string) => page.getByRole("link", { name, exact: true }).click();
const fill = (page: Page, label: string, value: string) => page.getByLabel(label, { exact: true }).fill(value);
const navigation = (page: Page) => page.locator(".govuk-service-navigation").getByRole("link").allInnerTexts();

describe.skipIf(!hasBrowser)("a service and its people", () => {
  let browser: TestBrowser;
  /** The demonstration's administrator, who adds the service. */
  let owner: Page;
  let service: string;
  let colleague: Page;
  beforeAll(async () => {
    browser = await startBrowser(product.apiUrl);
    owner = await browser.open("/sign-in", { javaScript: false });
    await signIn(owner, product.demo.admin);
    await owner.goto(`/orgs/${organisationId}/settings`);
    await fill(owner, "Domains of its people’s email addresses", "northwold.example");
    await owner.getByLabel("Which of its services go live").check();
    await owner.getByLabel("Who works on its services").check();
    await press(owner, "Save");
  });
  afterAll(async () => {
    await browser?.close();
  });

  async function invite(emailAddress: string, permissions: readonly string[]): Promise<string> {
    await owner.goto(`${service}/team`);
    await press(owner, "Invite a team member");
    await fill(owner, "Email address", emailAddress);
    for (const permission of permissions) await owner.getByLabel(permission).check();
    await press(owner, "Send invitation");
    await owner.getByText("The invitation was sent.").waitFor();
    return post.arrived(emailAddress, /(\/invitation\/[\w-]{43})/);
  }

  /** As somebody who may make its services live. */
  async function inviteToOrganisation(emailAddress: string): Promise<string> {
    await owner.goto(`/orgs/${organisationId}/team`);
    await press(owner, "Invite someone");
    await fill(owner, "Email address", emailAddress);
    await owner.getByLabel("Make the organisation’s services live").check();
    await press(owner, "Send invitation");
    return post.arrived(emailAddress, /(\/organisation-invitation\/[\w-]{43})/);
  }

  async function makeAccount(link: string, mobileNumber = ""): Promise<Page> {
    const page = await browser.open(link, { javaScript: false });
    await fill(page, "Mobile number (optional)", mobileNumber);
    await fill(page, "Password", PASSWORD);
    await press(page, "Make account and join");
    return page;
  }

  it("a service is added, in trial mode, and opens with its name (2)", async () => {
    await owner.goto("/services");
    await press(owner, "Add a service");
    await press(owner, "Add service");
    expect(await owner.getByRole("alert").innerText()).toContain("Enter a name");
    await fill(owner, "Name of the service", "Northwold Clinics");
    await press(owner, "Add service");
    service = pathOf(owner);
    expect(service).toMatch(/^\/services\/[\da-f-]{36}$/);
    expect(await owner.getByRole("link", { name: "Northwold Clinics" }).count()).toBe(1);
    expect(await owner.getByText("It is in trial mode.").count()).toBe(1);
  });

  it("who is invited to do everything makes an account, confirms a phone by code, and may (5)", async () => {
    const link = await invite("mina.manager@northwold.example", EVERYTHING);
    colleague = await makeAccount(link, "07700 900501");
    expect(pathOf(colleague)).toBe("/account/second-factors/text/code");
    await fill(colleague, "Code", await post.arrived("447700900501", /\b(\d{5})\b/));
    await press(colleague, "Confirm");
    await colleague.goto("/services");
    await follow(colleague, "Northwold Clinics");
    expect(pathOf(colleague)).toBe(service);
    expect(await navigation(colleague)).toEqual([
      "Northwold Clinics",
      ..."Dashboard Send Templates Messages Contacts Usage".split(" "),
      "API integration",
      "Team",
      "Settings",
      "Go live",
    ]);
    await colleague.goto(link);
    expect(pathOf(colleague)).toBe(service);
  });

  it("who is invited to send begins at the templates, and sees no more than that needs (6)", async () => {
    const page = await makeAccount(await invite("sam.sender@northwold.example", ["Send messages"]));
    expect(pathOf(page)).toBe(`${service}/templates`);
    expect(await navigation(page)).toEqual(["Northwold Clinics", "Send", "Templates", "Messages", "Contacts", "Team"]);
    await page.goto(`${service}/team`);
    expect(await page.getByRole("heading", { name: "Mina Manager" }).count()).toBe(1);
    expect(await page.getByRole("link", { name: "Change" }).count()).toBe(0);
  });

  it("who is invited to an organisation lands there, and may read of its services (7)", async () => {
    const link = await inviteToOrganisation("ada.approver@northwold.example");
    const page = await makeAccount(link);
    expect(pathOf(page)).toBe(`/orgs/${organisationId}`);
    await follow(page, "Northwold Clinics");
    expect(await navigation(page)).toEqual(["Northwold Clinics", "Templates", "Usage", "Team"]);
  });

  it("who asks to join is turned down, asks again by keyboard alone, and is let in (8)", async () => {
    const page = await browser.open("/sign-in");
    await signIn(page, { email: "ada.approver@northwold.example", password: PASSWORD });
    const ask = async () => {
      await page.goto("/services");
      await tabTo(page, 'a[href="/services/join"]');
      await page.keyboard.press("Enter");
      await page.waitForURL("**/services/join");
      await tabTo(page, `a[href="/services/join/${service.split("/")[2]}"]`);
      await page.keyboard.press("Enter");
      await page.waitForURL("**/services/join/*");
      const mina = await page.getByLabel("Mina Manager").getAttribute("id");
      await tabTo(page, `#${mina}`);
      await page.keyboard.press("Space");
      await tabTo(page, "#reason");
      await page.keyboard.type("I help out on Fridays");
      await tabTo(page, "main form button");
      await page.keyboard.press("Enter");
      await page.getByText("We have emailed 1 person.").waitFor();
      return joinRequestTo("mina.manager@northwold.example");
    };
    await turnDown(await ask(), page, "Ada Approver");
    await letIn(await ask(), page, "Ada Approver");
  });

  it("who asks to join without JavaScript is told what is missing, turned down, and let in when they ask again (8)", async () => {
    const page = await makeAccount(await inviteToOrganisation("jo.joiner@northwold.example"));
    const ask = async () => {
      await page.goto("/services");
      await follow(page, "Join a service of your organisation");
      await follow(page, "Northwold Clinics");
      await press(page, "Ask to join");
      expect(await page.getByRole("alert").innerText()).toContain("Choose at least one person");
      await page.getByLabel("Mina Manager").check();
      await fill(page, "Why you want to join (optional)", "I help out on Fridays");
      await press(page, "Ask to join");
      await page.getByText("We have emailed 1 person.").waitFor();
      return joinRequestTo("mina.manager@northwold.example");
    };
    const first = await ask();
    await turnDown(first, page, "Jo Joiner");
    await letIn(await ask(), page, "Jo Joiner");
    await colleague.goto(first);
    await colleague.getByText("Mina Manager has turned the request down.").waitFor();
    expect(await colleague.getByRole("button", { name: "Let them in" }).count()).toBe(0);
  });

  function joinRequestTo(address: string): Promise<string> {
    return post.arrived(address, /(\/services\/[\da-f-]{36}\/join-requests\/[\da-f-]{36})/);
  }

  async function turnDown(request: string, asker: Page, name: string): Promise<void> {
    await colleague.goto(request);
    await colleague.getByText("I help out on Fridays").waitFor();
    await press(colleague, "Turn down");
    expect(pathOf(colleague)).toBe(`${service}/team`);
    await asker.goto(`${service}/team`);
    expect(await navigation(asker)).not.toContain("Send");
    expect(await asker.getByRole("heading", { name }).count()).toBe(0);
  }

  async function letIn(request: string, asker: Page, name: string): Promise<void> {
    await colleague.goto(request);
    await colleague.getByLabel("Send messages").check();
    await press(colleague, "Let them in");
    expect(pathOf(colleague)).toBe(`${service}/team`);
    await asker.goto(`${service}/team`);
    expect(await navigation(asker)).toContain("Send");
    expect(await asker.getByRole("heading", { name }).count()).toBe(1);
  }

  it("a service does its tasks, asks, is commented on, and is made live by its organisation (41)", async () => {
    await declare(product, {
      services: [
        {
          id: service.split("/")[2],
          name: "Northwold Clinics",
          text_senders: [{ sender: "NWClinics", default: true }],
          templates: [{ name: "Appointment", channel: "sms", body: "See you at ((time))" }],
        },
      ],
    });
    await colleague.goto(`${service}/make-your-service-live`);
    expect(pathOf(colleague)).toBe(`${service}/go-live`);
    expect(await colleague.getByRole("button", { name: "Ask to go live" }).count()).toBe(0);
    await follow(colleague, "Check the name of the service");
    await press(colleague, "The name is right");
    await follow(colleague, "Say how much you will send");
    await fill(colleague, "Texts a year", "lots");
    await press(colleague, "Save");
    expect(await colleague.getByRole("alert").innerText()).toContain("Enter a whole number");
    await fill(colleague, "Texts a year", "12,000");
    await press(colleague, "Save");
    await press(colleague, "Ask to go live");
    await colleague.getByText("The request waits for an answer.").waitFor();
    const path = await post.arrived(
      "ada.approver@northwold.example",
      /(\/orgs\/[\da-f-]{36}\/approvals\/[\da-f-]{36})/,
    );
    const approver = await browser.open("/sign-in", { javaScript: false });
    await signIn(approver, { email: "ada.approver@northwold.example", password: PASSWORD });
    await approver.goto(path);
    await fill(approver, "Comment", "When do you start?");
    await press(approver, "Add comment");
    await colleague.reload();
    await colleague.getByText("When do you start?").waitFor();
    await press(approver, "Approve: make it live");
    await approver.getByText("Ada Approver has approved the request").waitFor();
    await post.arrived("mina.manager@northwold.example", /(is live: it can now send to anyone)/);
    await colleague.goto(`${service}/team`);
    expect(await colleague.getByText("Trial mode").count()).toBe(0);
  });

  it("a live service keeps two who manage it, and nobody changes themselves (44)", async () => {
    await colleague.goto(`${service}/team`);
    expect(await colleague.getByRole("link", { name: "Change Mina Manager" }).count()).toBe(0);
    const other = colleague.getByRole("link", { name: /^Change (?!Sam|Ada|Jo)/ });
    await other.click();
    await colleague.getByLabel("Manage settings, team and usage").uncheck();
    await press(colleague, "Save");
    expect(await colleague.getByRole("alert").innerText()).toContain("at least 2 team members who can manage it");
    await follow(colleague, "Remove from the team");
    await press(colleague, "Remove from the team");
    expect(await colleague.getByRole("alert").innerText()).toContain("at least 2 team members who can manage it");
    await colleague.goto(`${service}/audit`);
    await colleague.getByRole("heading", { name: "Service made live" }).waitFor();
  });

  it(
    "what the journeys have filled is accessible in both themes, and fits a small screen",
    async () => {
      const page = await browser.open("/trial-mode", { as: owner });
      const link = await invite("someone.new@northwold.example", []);
      const request = await doors.db.query<{ id: string }>`select r.id from join_requests r order by r.id`;
      const approval = await doors.db.query<{ id: string }>`select r.id from go_live_requests r`;
      const organisation = `/orgs/${organisationId}`;
      const paths = [
        "/services",
        ...["team", "audit", "go-live"].map((at) => `${service}/${at}`),
        `${service}/join-requests/${request[0]?.id}`,
        ...["", "/team", "/approvals"].map((at) => organisation + at),
        `${organisation}/approvals/${approval[0]?.id}`,
        link,
        "/invitation/unknown",
      ];
      for (const path of paths) {
        await page.goto(path);
        await expectAccessible(page);
      }
      await expectAccessible(await browser.open(link));
    },
    MANY_PAGES_PATIENCE_MS,
  );
});
