/** `/platform/numbers`: numbers that the public can write to, free and taken. */
import { addNumbers, getHolder, releaseNumber, removeNumber } from "../../../flow/platform/inbound-numbers.ts";
import { listSharers, shareNumber } from "../../../flow/replies/share-number.ts";
import { listAllKeywords } from "../../../records/inbound-numbers/keyword-store.ts";
import { listPool, type PooledNumber } from "../../../records/inbound-numbers/number-pool-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { placeOf } from "./shown.ts";

const NUMBERS = "/platform/numbers";

interface NumbersPage {
  form: Form<"numbers">;
  numbers: readonly (PooledNumber & { url: string | undefined })[];
  free: number;
}

interface ReleasePage {
  form: Form<"number">;
  number: string;
  serviceName: string;
}

const showNumbers = page<NumbersPage>("platform/numbers.njk");
interface SharePage {
  form: Form<"keywords">;
  number: string;
  serviceName: string;
  services: readonly { id: string; name: string }[];
}

const showShare = page<SharePage>("platform/share-number.njk");
const askRelease = page<ReleasePage>("platform/release-number.njk");

export const platformNumberRoutes: readonly Route[] = [
  route({ method: "GET", url: NUMBERS, who: "platform-admin", handler: listNumbers }),
  route({ method: "POST", url: NUMBERS, who: "platform-admin", handler: add }),
  route({ method: "POST", url: `${NUMBERS}/removals`, who: "platform-admin", handler: remove }),
  route({ method: "GET", url: `${NUMBERS}/:number/release`, who: "platform-admin", handler: askAboutRelease }),
  route({ method: "POST", url: `${NUMBERS}/:number/release`, who: "platform-admin", handler: release }),
  route({ method: "GET", url: `${NUMBERS}/:number/keywords`, who: "platform-admin", handler: askForKeywords }),
  route({ method: "POST", url: `${NUMBERS}/:number/keywords`, who: "platform-admin", handler: share }),
];

function listNumbers(visit: UserVisit): Promise<Answer> {
  return showAll(visit, formOf({ numbers: "" }));
}

async function showAll(visit: UserVisit, form: Form<"numbers">): Promise<Answer> {
  const numbers = await listPool(visit.app.db);
  return showNumbers(visit, {
    form,
    numbers: numbers.map((one) => ({
      ...one,
      url: one.serviceId && placeOf(visit, { kind: "service", id: one.serviceId }),
    })),
    free: numbers.filter(({ serviceId }) => serviceId === undefined).length,
  });
}

function add(visit: UserVisit): Promise<Answer> {
  const values = readFields(visit, ["numbers"]);
  return submit({
    values,
    refusedAt: "numbers",
    act: async () => {
      const count = await addNumbers(visit.app, actorOf(visit), values.numbers);
      return redirect(NUMBERS, { flash: visit.text("platformNumbers.added", { count }) });
    },
    showAgain: (form) => showAll(visit, form),
  });
}

async function remove(visit: UserVisit): Promise<Answer> {
  const { number } = readFields(visit, ["number"]);
  await removeNumber(visit.app, actorOf(visit), number);
  return redirect(NUMBERS, { flash: visit.text("platformNumbers.removed") });
}

function askAboutRelease(visit: UserVisit): Promise<Answer> {
  return showRelease(visit, formOf({ number: "" }));
}

async function showRelease(visit: UserVisit, form: Form<"number">): Promise<Answer> {
  const number = visit.params["number"] ?? "";
  const { name: serviceName } = await getHolder(visit.app, number);
  return askRelease(visit, { form, number, serviceName });
}

function release(visit: UserVisit): Promise<Answer> {
  return submit({
    values: { number: "" },
    refusedAt: "number",
    act: async () => {
      await releaseNumber(visit.app, actorOf(visit), visit.params["number"] ?? "");
      return redirect(NUMBERS, { flash: visit.text("platformNumbers.released") });
    },
    showAgain: (form) => showRelease(visit, form),
  });
}

async function askForKeywords(visit: UserVisit): Promise<Answer> {
  const number = visit.params["number"] ?? "";
  const keywords = (await listAllKeywords(visit.app.db)).filter((one) => one.number === number);
  const lines = keywords.map(({ keyword, serviceName }) => `${keyword}: ${serviceName}`);
  return showKeywords(visit, formOf({ keywords: lines.join("\n") }));
}

async function showKeywords(visit: UserVisit, form: Form<"keywords">): Promise<Answer> {
  const number = visit.params["number"] ?? "";
  const { name: serviceName } = await getHolder(visit.app, number);
  return showShare(visit, { form, number, serviceName, services: await listSharers(visit.app.db, number) });
}

function share(visit: UserVisit): Promise<Answer> {
  const values = readFields(visit, ["keywords"]);
  return submit({
    values,
    refusedAt: "keywords",
    act: async () => {
      const wish = { number: visit.params["number"] ?? "", text: values.keywords };
      await shareNumber(visit.app, actorOf(visit), wish);
      return redirect(NUMBERS, { flash: visit.text("settings.saved") });
    },
    showAgain: (form) => showKeywords(visit, form),
  });
}
