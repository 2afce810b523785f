/**
 * The journeys of somebody who has a keyboard and no mouse, from making an account to having colleagues: with scripts in the dark and
 * without scripts in the light. What is pressed, is pressed by key.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { setRegistrationRule } from "../../src/records/deployment/people-settings.ts";
import { putOrganisationMember } from "../../src/records/organisations/organisation-people-store.ts";
import { listOrganisations } from "../../src/records/organisations/organisation-store.ts";
import { findUserByEmail } from "../../src/records/users/user-store.ts";
import { hasBrowser } from "../support/browser.ts";
import { EACH_WAY, navigation, pathOf } from "../support/hands.ts";
import { type Keyboard, keyboardAt } from "../support/keyboard.ts";
import { openStage, type Stage } from "../support/stage.ts";

const PASSWORD = "seven grey herons at dawn";
const NEW_PASSWORD = "eleven brown owls at dusk";
const EVERYTHING = [
  "Send messages",
  "See the dashboard and what was sent",
  "Write and change templates",
  "Manage settings, team and usage",
  "Manage the API integration",
];
const PEOPLE = {
  "with JavaScript": { name: "Dora", digits: "447700900601", managersDigits: "447700900603" },
  "without JavaScript": { name: "Lew", digits: "447700900602", managersDigits: "447700900604" },
};

describe.skipIf(!hasBrowser)("by keyboard alone", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
    await stage.doors.db.transaction((tx) => setRegistrationRule(tx, { kind: "open" }));
  });
  afterAll(() => stage?.close());

  describe.each(EACH_WAY)("$way", ({ way, javaScript, theme }) => {
    const { name, digits, managersDigits } = PEOPLE[way];
    const email = `${name.toLowerCase()}@libraries.example.gov.uk`;
    let page: Page;
    let keyboard: Keyboard;
    let service: string;
    beforeAll(async () => {
      page = await stage.browser.open("/sign-in", { javaScript, theme });
      keyboard = keyboardAt(page);
    });

    async function giveCode(button: string): Promise<void> {
      await keyboard.write("Code", await stage.post.codeTo(digits));
      await keyboard.press(button);
    }

    async function signIn(password: string): Promise<void> {
      await keyboard.write("Email address", email);
      await keyboard.write("Password", password);
      await keyboard.press("Continue");
      await giveCode("Continue");
    }

    it("an account is made, and a service in it (1, 2)", async () => {
      await keyboard.follow("Create an account");
      await keyboard.write("Full name", `${name} Newcomer`);
      await keyboard.write("Email address", email);
      await keyboard.write("Mobile number (optional)", `+${digits}`);
      await keyboard.write("Password", PASSWORD);
      await keyboard.press("Continue");
      await page.goto(await stage.post.linkTo(email, "/verify-email"));
      await keyboard.write("Password", PASSWORD);
      await keyboard.press("Confirm");
      await giveCode("Confirm");
      await page.goto("/services");
      await keyboard.press("Add a service");
      await keyboard.write("Name of the service", `${name}’s Library`);
      await keyboard.press("Add service");
      service = pathOf(page);
      expect(service).toMatch(/^\/services\/[\da-f-]{36}$/);
    });

    it("they sign out, choose another password, and sign in with it (3, 4)", async () => {
      await keyboard.unfold(page.locator("summary", { hasText: "Account" }));
      await keyboard.press("Sign out");
      await keyboard.follow("Forgotten your password?");
      await keyboard.write("Email address", email);
      await keyboard.press("Send the link");
      await page.goto(await stage.post.linkTo(email, "/new-password"));
      await keyboard.write("New password", NEW_PASSWORD);
      await keyboard.press("Save");
      await giveCode("Continue");
      await keyboard.unfold(page.locator("summary", { hasText: "Account" }));
      await keyboard.press("Sign out");
      await signIn(NEW_PASSWORD);
      expect(pathOf(page)).toBe("/services");
      await keyboard.follow(`${name}’s Library`);
      expect(pathOf(page)).toBe(service);
    });

    /** Resolves with the path in the invitation. */
    async function invite(address: string, permissions: readonly string[]): Promise<string> {
      await keyboard.follow("Team");
      await keyboard.press("Invite a team member");
      await keyboard.write("Email address", address);
      for (const permission of permissions) await keyboard.tick(permission);
      await keyboard.press("Send invitation");
      return stage.post.linkTo(address, "/invitation");
    }

    /** Somebody new takes an invitation up at a keyboard of their own. */
    async function join(
      link: string,
      { as, mobileNumber }: { as: string; mobileNumber?: string },
    ): Promise<{ theirs: Page; colleague: Keyboard }> {
      const theirs = await stage.browser.open(link, { javaScript, theme });
      const colleague = keyboardAt(theirs);
      await colleague.write("Your name", as);
      if (mobileNumber) await colleague.write("Mobile number (optional)", mobileNumber);
      await colleague.write("Password", PASSWORD);
      await colleague.press("Make account and join");
      return { theirs, colleague };
    }

    it("who is invited to do everything proves a phone, and finds everything (5)", async () => {
      const { theirs, colleague } = await join(await invite(`mina.${email}`, EVERYTHING), {
        as: "Mina Manager",
        mobileNumber: `+${managersDigits}`,
      });
      await colleague.write("Code", await stage.post.codeTo(managersDigits));
      await colleague.press("Confirm");
      await theirs.goto("/services");
      await colleague.follow(`${name}’s Library`);
      expect(pathOf(theirs)).toBe(service);
      expect(await navigation(theirs)).toEqual(await navigation(page));
    });

    it("who is invited to send begins at the templates, without a folder that is kept from them (6, 16)", async () => {
      const { theirs, colleague } = await join(await invite(`carys.${email}`, ["Send messages"]), {
        as: "Carys Colleague",
      });
      expect(pathOf(theirs)).toBe(`${service}/templates`);
      expect(await navigation(theirs)).toEqual([
        `${name}’s Library`,
        "Send",
        "Templates",
        "Messages",
        "Contacts",
        "Team",
      ]);
      await keyboard.follow("Templates");
      await keyboard.unfold(page.locator("#new-folder summary"));
      await keyboard.write("Name of the folder", "Not for all");
      await keyboard.press("Make the folder");
      await colleague.follow("Templates");
      expect(await theirs.getByRole("link", { name: "Not for all" }).count()).toBe(1);
      await keyboard.follow("Not for all");
      await keyboard.follow("Manage this folder");
      await keyboard.tick("Carys Colleague");
      await keyboard.press("Save");
      await colleague.follow("Templates");
      expect(await theirs.getByRole("link", { name: "Not for all" }).count()).toBe(0);
    });

    it("who is invited to an organisation lands there (7)", async () => {
      const organisation = await joinOrganisation(stage, email);
      await page.goto("/services");
      await keyboard.follow(organisation.name);
      await keyboard.follow("Team");
      await keyboard.press("Invite someone");
      await keyboard.write("Email address", `ada.${email}`);
      await keyboard.tick("Make the organisation’s services live");
      await keyboard.press("Send invitation");
      const link = await stage.post.linkTo(`ada.${email}`, "/organisation-invitation");
      const { theirs } = await join(link, { as: "Ada Approver" });
      expect(pathOf(theirs)).toBe(`/orgs/${organisation.id}`);
    });
  });
});

/** As a platform administrator would have them join the only organisation there is. */
async function joinOrganisation({ doors: { db } }: Stage, email: string): Promise<{ id: string; name: string }> {
  const [organisation] = await listOrganisations(db);
  const user = await findUserByEmail(db, email);
  if (!organisation || !user) throw new Error("there is no organisation, or no user");
  const member = { organisationId: organisation.id, userId: user.id, mayMakeLive: true };
  await db.transaction((tx) => putOrganisationMember(tx, member));
  return organisation;
}
