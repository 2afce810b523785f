/** People in a world for tests: accounts, and the messages that Pennypost itself has sent them, read back as they would arrive. */
import { createDailyLimits } from "../../src/flow/intake/daily-limit.ts";
import { createFlights } from "../../src/flow/intake/flights.ts";
import { createRateLimit } from "../../src/flow/intake/rate-limit.ts";
import { createPeople, type People, type Where } from "../../src/flow/people/people.ts";
import { openContent } from "../../src/flow/personal-content.ts";
import { houseStyleOf, renderTemplate } from "../../src/flow/rendering.ts";
import { createSuppressedLookup } from "../../src/flow/suppressions/suppressed-lookup.ts";
import { newId } from "../../src/platform/ids.ts";
import { findOrMakeDeployment } from "../../src/records/deployment/deployment-store.ts";
import { getNotifications } from "../../src/records/notifications/notification-store.ts";
import { findSystemServiceId } from "../../src/records/services/system-service-store.ts";
import { hashPassword } from "../../src/records/users/password.ts";
import { findUser, insertUser, type User } from "../../src/records/users/user-store.ts";
import { createWorld, type World } from "./world.ts";

export const PASSWORD = "seven grey herons at dawn";
export const HERE: Where = { ip: "192.0.2.1", origin: "https://admin.example.org" };

export interface UserWish {
  name?: string;
  emailAddress?: string;
  mobileNumber?: string;
  isPlatformAdmin?: boolean;
}

export interface PeopleWorld extends World {
  people: People;
  user(wish?: UserWish): Promise<User>;
  /** What was sent to an address or a number, the latest first. */
  mailTo(recipient: string): Promise<SentMessage[]>;
  /** The token of the link in the latest email to an address. */
  tokenTo(address: string): Promise<string>;
  /** The code in the latest text to a number. */
  codeTo(number: string): Promise<string>;
  actions(): Promise<string[]>;
}

export interface SentMessage {
  template: string;
  subject: string | undefined;
  body: string;
  lane: number;
  validUntil: Date | undefined;
}

export async function createPeopleWorld(): Promise<PeopleWorld> {
  const world = await createWorld();
  const { app } = world;
  await findOrMakeDeployment(app.db, { id: newId(), masterKeyFingerprint: app.keys.master.fingerprint });
  const people = createPeople({
    ...app,
    flights: createFlights(app.db, () => {}),
    rateLimit: createRateLimit(app.db, app.clock),
    dailyLimits: createDailyLimits(app.db, app.clock),
    suppressed: createSuppressedLookup(app.db),
  });
  await people.post.prepare();
  const mailTo = (recipient: string) => sentTo(people, world, recipient);
  const tokenTo = async (address: string) => firstMatch(await mailTo(address), /\/([\w-]{43})\b/);
  const codeTo = async (number: string) => firstMatch(await mailTo(number), /\b(\d{5})\b/);
  return {
    ...world,
    people,
    user: (wish = {}) => makeUser(people, wish),
    mailTo,
    tokenTo,
    codeTo,
    actions: async () => {
      const rows = await app.db.query<{ action: string }>`select a.action from audit_log a order by a.id`;
      return rows.map(({ action }) => action);
    },
  };
}

let usersMade = 0;
/** Made once: a hash takes long on purpose. */
let passwordHash: Promise<string> | undefined;

async function makeUser({ db }: People, wish: UserWish): Promise<User> {
  usersMade += 1;
  passwordHash ??= hashPassword(PASSWORD);
  const id = newId();
  const user = {
    id,
    name: wish.name ?? "Ada Lovelace",
    emailAddress: wish.emailAddress ?? `user${usersMade}@example.org`,
    mobileNumber: wish.mobileNumber,
    isPlatformAdmin: wish.isPlatformAdmin ?? false,
    passwordHash: await passwordHash,
  };
  await db.transaction((tx) => insertUser(tx, user));
  const made = await findUser(db, id);
  if (!made) throw new Error("the user was not made");
  return made;
}

async function sentTo(people: People, world: World, recipient: string): Promise<SentMessage[]> {
  await people.post.idle();
  const service = await people.services.find((await findSystemServiceId(people.db)) ?? "");
  if (!service) throw new Error("there is no internal service");
  const rows = await people.db.query<{ id: string }>`
    select n.id from notifications n where n.service_id = ${service.id} order by n.id desc`;
  if (rows.length === 0) return [];
  const sent: SentMessage[] = [];
  for (const notification of (
    await getNotifications(
      people.db,
      rows.map(({ id }) => id),
    )
  ).toSorted((a, b) => (a.id < b.id ? 1 : -1))) {
    const { submittedRecipient, personalisation } = openContent(service, notification);
    if (submittedRecipient.toLowerCase() !== recipient.toLowerCase()) continue;
    const template = await world.app.templates.findVersion(notification.templateId, notification.templateVersion);
    if (!template) throw new Error("the template is not in the database");
    const { content } = renderTemplate(template, personalisation, houseStyleOf(service));
    const { lane, validUntil } = notification;
    sent.push({ template: template.name, subject: content.subject, body: content.body, lane, validUntil });
  }
  return sent;
}

function firstMatch(messages: readonly SentMessage[], pattern: RegExp): string {
  const found = messages.map(({ body }) => pattern.exec(body)?.[1]).find((match) => match !== undefined);
  if (found === undefined) throw new Error(`none of ${messages.length} messages has it`);
  return found;
}
