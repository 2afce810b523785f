import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startApi, type TestApi } from "../../../test/support/api.ts";
import { createPeopleWorld, HERE, type PeopleWorld } from "../../../test/support/people.ts";
import type { WorldService } from "../../../test/support/world.ts";
import { dayOf } from "../../core/calendar/home-day.ts";
import { findBalance, listEntries } from "../../records/balances/balance-store.ts";
import { putOrganisationMember } from "../../records/organisations/organisation-people-store.ts";
import { putPrice } from "../../records/prices/price-list-store.ts";
import type { TemplateVersion } from "../../records/templates/template.ts";
import { createOrganisation } from "../people/organisations.ts";
import { setSpending } from "../services/settings.ts";
import { countHours } from "../statistics/count-hours.ts";
import { readUsage } from "../statistics/read-usage.ts";
import { adjustBalance, setBalanceRules, topUp } from "./balance.ts";
import { settleHolds } from "./settle-holds.ts";
import { checkBalances, tellOfLowBalances } from "./watch-balances.ts";

const HOME = "07900900123";
const ESTONIA = "+37251234567";
const MINUTE_MS = 60_000;

let world: PeopleWorld;
let apis: [TestApi, TestApi];
let actor: { userId: string; ip: string };
let made = 0;
beforeAll(async () => {
  world = await createPeopleWorld();
  // Each has flights of its own, as two processes have.
  apis = [await startApi(world.app), await startApi(world.app)];
  actor = { userId: (await world.user()).id, ip: HERE.ip };
});
afterAll(async () => {
  for (const api of apis) await api.close();
  await world.close();
});

interface Payer {
  organisationId: string;
  service: WorldService;
  template: TemplateVersion;
}

/** A service whose organisation pays from a balance. */
async function payer({
  money,
  credit = "0",
  lowAt = "",
}: {
  money: string;
  credit?: string;
  lowAt?: string;
}): Promise<Payer> {
  const organisationId = await organisation();
  await setBalanceRules(world.app, actor, { organisationId, isOn: true, creditLimit: credit, lowAt });
  if (money !== "0") await topUp(world.app, actor, { organisationId, amount: money, note: "invoice 1" });
  return { organisationId, ...(await serviceOf(organisationId)) };
}

function organisation(): Promise<string> {
  made += 1;
  return createOrganisation(world.people, actor, `Northwold ${made}`);
}

async function serviceOf(organisationId: string | undefined) {
  made += 1;
  const service = await world.service({
    name: `Parks ${made}`,
    permissions: ["sms", "email", "international_sms"],
    prefixesTexts: false,
  });
  await world.app.db.query`update services set organisation_id = ${organisationId ?? null} where id = ${service.id}`;
  world.app.services.forget(service.id);
  return { service, template: await world.template(service, { body: "Hello ((name))" }) };
}

function send(
  { service, template }: Pick<Payer, "service" | "template">,
  wish: { to?: string; name?: string; with?: "live" | "test"; api?: TestApi } = {},
) {
  const { to = HOME, name = "Ada", with: key = "live", api = apis[0] } = wish;
  const body = { phone_number: to, template_id: template.templateId, personalisation: { name } };
  return api.post("/v2/notifications/sms", body, { as: service, with: key });
}

const balanceOf = async ({ organisationId }: Payer) => {
  const balance = await findBalance(world.app.db, organisationId);
  return [balance?.available, balance?.held];
};

const entriesOf = async ({ organisationId }: Payer) => {
  const entries = await listEntries(world.app.db, organisationId, { before: undefined, limit: 100 });
  return entries.reverse().map(({ kind, amount, heldChange, texts }) => `${kind} ${amount} ${heldChange} ${texts}`);
};

async function became(id: string, { status, attempts }: { status: string; attempts: number }): Promise<void> {
  await world.app.db.query`update notifications set status = ${status}, attempts = ${attempts} where id = ${id}`;
}

describe("a budget that stops", () => {
  it("refuses the text that would pass it, today or this month, and counts what was spent before", async () => {
    const who = await serviceOf(undefined);
    const earlier = await send(who, { name: "x".repeat(900) });
    await became(earlier.json.id, { status: "delivered", attempts: 1 });
    const limits = { monthlyBudget: 1, budgetStops: true, dailySpendLimit: undefined };
    await setSpending(world.app, actor, { serviceId: who.service.id, value: limits });
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => send(who, { name: "x".repeat(900), api: apis[index % 2] ?? apis[0] })),
    );
    // 6 fragments each: £0.144. Six fit into what is left of a pound, and one went before.
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    expect(answers.find(({ status }) => status === 429)?.json.errors).toEqual([
      { error: "TooManyRequestsError", message: "Exceeded the spending limit of your service (£1) for this month" },
    ]);
    expect((await send(who)).status).toBe(201);
    const daily = { monthlyBudget: undefined, budgetStops: false, dailySpendLimit: 1 };
    await setSpending(world.app, actor, { serviceId: who.service.id, value: daily });
    world.app.services.forget(who.service.id);
    const today = await Promise.all(Array.from({ length: 10 }, () => send(who, { name: "x".repeat(900) })));
    expect(today.find(({ status }) => status === 429)?.json.errors[0].message).toContain("(£1) for today");
  });

  it("needs a budget", async () => {
    const { service } = await serviceOf(undefined);
    const value = { monthlyBudget: undefined, budgetStops: true, dailySpendLimit: undefined };
    await expect(setSpending(world.app, actor, { serviceId: service.id, value })).rejects.toThrow("Enter the budget");
  });
});

describe("an organisation's balance", () => {
  it("holds what a text costs when it is accepted, charges it when it has ended, and gives back what nobody carried", async () => {
    const who = await payer({ money: "1" });
    const [delivered, failed, expired] = [
      (await send(who)).json.id,
      (await send(who)).json.id,
      (await send(who)).json.id,
    ];
    const long = await send(who, { name: "x".repeat(200) });
    expect(long.status).toBe(201);
    expect(await balanceOf(who)).toEqual(["0.88", "0.12"]);
    await became(delivered, { status: "delivered", attempts: 1 });
    await became(failed, { status: "permanent-failure", attempts: 1 });
    await became(expired, { status: "temporary-failure", attempts: 0 });
    expect(await settleHolds(world.app)).toEqual({ settled: 0 });
    world.clock.advance(2 * MINUTE_MS);
    expect(await settleHolds(world.app)).toEqual({ settled: 3 });
    expect(await balanceOf(who)).toEqual(["0.904", "0.048"]);
    expect(await settleHolds(world.app)).toEqual({ settled: 0 });
    expect(await entriesOf(who)).toEqual([
      "top-up 1 0 0",
      "hold -0.12 0.12 4",
      "settlement 0 -0.048 2",
      "release 0.024 -0.024 1",
    ]);
    await became(long.json.id, { status: "delivered", attempts: 1 });
    world.clock.advance(20 * MINUTE_MS);
    await settleHolds(world.app);
    expect(await balanceOf(who)).toEqual(["0.904", "0"]);
    expect(await checkBalances(world.app)).toEqual({ mended: 0 });
  });

  it("never pays for more than there is, whichever of two processes takes the last text", async () => {
    const who = await payer({ money: "0.024" });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => send(who, { api: apis[index % 2] ?? apis[0] })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(19).fill(402)]);
    expect(await balanceOf(who)).toEqual(["0", "0.024"]);
    const refused = answers.find(({ status }) => status === 402);
    expect(refused?.json).toEqual({
      status_code: 402,
      errors: [
        { error: "BalanceError", message: "Your organisation’s balance does not cover this text, which costs £0.024" },
      ],
    });
    const [kept] = await world.app.db.query<{ texts: number }>`
      select count(*) as texts from notifications n where n.service_id = ${who.service.id}`;
    expect(kept?.texts).toBe(1);
  });

  it("keeps nobody else's requests back, when they fly together with one that it does not cover", async () => {
    const poor = await payer({ money: "0" });
    const other = await serviceOf(undefined);
    const answers = await Promise.all([send(poor), send(other), send(poor), send(other), send(other)]);
    expect(answers.map(({ status }) => status)).toEqual([402, 201, 402, 201, 201]);
  });

  it("goes below nothing as far as its credit, and takes a cheaper text where a dearer one was refused", async () => {
    const who = await payer({ money: "0", credit: "0.05" });
    expect((await send(who, { name: "x".repeat(450) })).status).toBe(402);
    expect([(await send(who)).status, (await send(who)).status, (await send(who)).status]).toEqual([201, 201, 402]);
    expect(await balanceOf(who)).toEqual(["-0.048", "0.048"]);
    await expect(
      setBalanceRules(world.app, actor, { ...who, isOn: true, creditLimit: "0.01", lowAt: "" }),
    ).rejects.toThrow("More than that is spent already");
    await expect(adjustBalance(world.app, actor, { ...who, amount: "-1", note: "a mistake" })).rejects.toThrow(
      "credit limit",
    );
  });

  it("pays for texts alone, and for none of a test key", async () => {
    const who = await payer({ money: "0" });
    expect((await send(who, { with: "test" })).status).toBe(201);
    const email = await world.template(who.service, { channel: "email", subject: "Hello", body: "Hello" });
    const body = { email_address: "ada@example.org", template_id: email.templateId };
    expect((await apis[0].post("/v2/notifications/email", body, { as: who.service })).status).toBe(201);
  });

  it("is told to who sends, and is not there for others", async () => {
    const who = await payer({ money: "5.5", credit: "10", lowAt: "2" });
    await send(who);
    expect((await apis[0].get("/v2/balance", { as: who.service })).text).toBe(
      '{"currency":"GBP","available":5.476,"held":0.024,"credit_limit":10.0,"low_balance_at":2.0}',
    );
    expect((await apis[0].get("/v2/balance", { as: (await serviceOf(undefined)).service })).status).toBe(404);
  });

  it("is written anew from its entries and holds where it says otherwise", async () => {
    const who = await payer({ money: "1" });
    await send(who);
    await world.app.db.query`
      update organisation_balances set available = 99, held = 7 where organisation_id = ${who.organisationId}`;
    expect(await checkBalances(world.app)).toEqual({ mended: 1 });
    expect(await balanceOf(who)).toEqual(["0.976", "0.024"]);
    expect(await checkBalances(world.app)).toEqual({ mended: 0 });
  });

  it("that is low is told to the organisation's people once, and again after it was not", async () => {
    const who = await payer({ money: "1", lowAt: "0.99" });
    const { id: userId, emailAddress } = await world.user({ emailAddress: `payer${made}@example.org` });
    await world.app.db.transaction((tx) => putOrganisationMember(tx, { ...who, userId, mayMakeLive: false }));
    expect(await tellOfLowBalances(world.app)).toEqual({ told: 0 });
    await send(who);
    expect(await tellOfLowBalances(world.app)).toEqual({ told: 1 });
    expect(await tellOfLowBalances(world.app)).toEqual({ told: 0 });
    expect((await world.mailTo(emailAddress))[0]?.body).toContain("£0.976 of it is left, which is less than £0.99");
    await topUp(world.app, actor, { ...who, amount: "1", note: "" });
    expect(await tellOfLowBalances(world.app)).toEqual({ told: 0 });
    await adjustBalance(world.app, actor, { ...who, amount: "-1.5", note: "counted twice" });
    world.clock.advance(60 * MINUTE_MS);
    expect(await tellOfLowBalances(world.app)).toEqual({ told: 1 });
  });

  it.each([
    ["", "Enter an amount,"],
    ["0", "more than nothing"],
    ["-5", "Enter an amount,"],
    ["1e3", "Enter an amount,"],
    ["0.0000001", "Enter an amount,"],
    ["10000000000", "Enter an amount,"],
  ])("is not topped up with %j", async (amount, message) => {
    const organisationId = await organisation();
    await expect(topUp(world.app, actor, { organisationId, amount, note: "" })).rejects.toThrow(message);
    expect(await findBalance(world.app.db, organisationId)).toBeUndefined();
  });
});

describe("a price list", () => {
  it("decides what a text costs from then on: in its answer, in what is held, and in usage", async () => {
    const who = await payer({ money: "10" });
    const before = await send(who, { to: ESTONIA });
    const price = { prefix: "3725", validFrom: "2026-01-01", fromFragments: 0, price: "0.0415", label: "" };
    await world.app.db.transaction((tx) => putPrice(tx, price));
    await world.app.db.transaction((tx) => putPrice(tx, { ...price, fromFragments: 2, price: "0.03" }));
    world.app.prices.forget();
    const after = await send(who, { to: ESTONIA, name: "x".repeat(200) });
    for (const { json } of [before, after]) await became(json.id, { status: "delivered", attempts: 1 });
    const shown = await apis[0].get(`/v2/notifications/${after.json.id}`, { as: who.service });
    expect(shown.json).toMatchObject({
      cost_in_pounds: 0.083,
      cost_details: { billable_sms_fragments: 2, international_rate_multiplier: 1, sms_rate: 0.0415 },
    });
    const [available] = await balanceOf(who);
    const houseRate = 10 - Number(available) - 0.083;
    expect(
      (await apis[0].get(`/v2/notifications/${before.json.id}`, { as: who.service })).json.cost_in_pounds,
    ).toBeCloseTo(houseRate, 9);
    const year = financialYear();
    const usage = await readUsage(world.app, who.service.id, year);
    expect(Number(usage.cost)).toBeCloseTo(houseRate + 0.083, 9);
    world.clock.advance(120 * MINUTE_MS);
    await countHours(world.app);
    expect((await readUsage(world.app, who.service.id, year)).cost).toBe(usage.cost);
    expect(usage.months.flatMap(({ rates }) => rates.map(({ rate, fragments }) => `${fragments} × ${rate}`))).toContain(
      "2 × 0.0415",
    );
  });

  it("goes by what all services of an organisation have used this month", async () => {
    const organisationId = await organisation();
    const [one, other] = [await serviceOf(organisationId), await serviceOf(organisationId)];
    await world.app.db.query`
      insert into daily_statistics (service_id, day, channel, key_kind, template_id, status, code, rate_multiplier, messages, fragments)
      values (${one.service.id}, ${dayOf(world.clock.now())}::date, 'sms', 'live', ${randomUUID()}, 'delivered', '', 1, 2, 2)`;
    const cheaper = await send(other, { to: ESTONIA });
    const [kept] = await world.app.db.query<{ price: string }>`
      select n.unit_price::text as price from notifications n where n.id = ${cheaper.json.id}`;
    expect(kept?.price).toBe("0.030000");
  });
});

function financialYear(): number {
  const [year = 0, month = 0] = dayOf(world.clock.now()).split("-").map(Number);
  return month >= 4 ? year : year - 1;
}
