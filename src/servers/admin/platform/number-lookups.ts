/** `/platform/number-lookups`: whom networks are asked through about numbers, and how often that was today. */
import {
  readLookupSuppliers,
  type ShownLookupSupplier,
  switchLookupSupplier,
} from "../../../flow/platform/lookup-suppliers.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, redirect } from "../http/answer.ts";
import { readFields } from "../http/form.ts";
import { idIn } from "../http/ids.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";

const LOOKUPS = "/platform/number-lookups";

const showSuppliers = page<{ suppliers: readonly ShownLookupSupplier[]; askedToday: number }>(
  "platform/number-lookups.njk",
);

export const platformLookupRoutes: readonly Route[] = [
  route({ method: "GET", url: LOOKUPS, who: "platform-admin", handler: openSuppliers }),
  route({ method: "POST", url: `${LOOKUPS}/:id/switch`, who: "platform-admin", handler: switchSupplier }),
];

async function openSuppliers(visit: UserVisit): Promise<Answer> {
  return showSuppliers(visit, await readLookupSuppliers(visit.app));
}

async function switchSupplier(visit: UserVisit): Promise<Answer> {
  const isOn = readFields(visit, ["to"]).to === "on";
  await switchLookupSupplier(visit.app, actorOf(visit), { id: idIn(visit, "id"), isOn });
  return redirect(LOOKUPS, { flash: visit.text(isOn ? "platformLookups.on.done" : "platformLookups.off.done") });
}
