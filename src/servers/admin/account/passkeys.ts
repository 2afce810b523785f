/** `/account/passkeys`: adding, renaming and removing them. Making one needs JavaScript; the page says so where there is none. */
import type { RegistrationResponseJSON } from "@simplewebauthn/server";
import { Refusal } from "../../../core/refusal.ts";
import { addPasskey, beginPasskey, changePasskeyName, removePasskey } from "../../../flow/people/passkeys.ts";
import { listPasskeys, type Passkey } from "../../../records/sign-in/passkey-store.ts";
import { actorOf } from "../http/actor.ts";
import { type Answer, jsonAnswer } from "../http/answer.ts";
import { type Form, formOf, InvalidFields, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { formRoutes } from "../plain/form-page.ts";
import { parsePasskey } from "../sign-in/parse-passkey.ts";
import { factorChanged, toFactors } from "./paths.ts";

const PASSKEYS = "/account/passkeys";
const FIELDS = ["name", "passkey"] as const;
type Field = (typeof FIELDS)[number];

const showNew = page<{ form: Form<Field> }>("account/new-passkey.njk");

export const passkeyRoutes: readonly Route[] = [
  route({ method: "GET", url: `${PASSKEYS}/new`, who: "signed-in", handler: askForName }),
  route({ method: "POST", url: `${PASSKEYS}/new`, who: "signed-in", handler: add }),
  route({ method: "POST", url: `${PASSKEYS}/options`, who: "signed-in", handler: options }),
  ...formRoutes({
    url: `${PASSKEYS}/:id/name`,
    who: "signed-in",
    fields: ["name"],
    page: async (visit) => ({
      title: visit.text("accountFactors.passkey.rename.title"),
      fields: {
        name: {
          type: "text",
          label: visit.text("accountFactors.passkey.name"),
          value: (await ownPasskey(visit)).name,
        },
      },
      button: visit.text("account.save"),
      otherwise: toFactors(visit.text),
    }),
    act: async (visit, { name }) => {
      const { id } = await ownPasskey(visit);
      await changePasskeyName(visit.people, actorOf(visit), { id, name });
      return factorChanged(visit, "accountFactors.passkey.rename.changed");
    },
  }),
  ...formRoutes({
    url: `${PASSKEYS}/:id/removal`,
    who: "signed-in",
    fields: ["password"],
    page: async (visit) => ({
      title: visit.text("accountFactors.passkey.remove.title", { name: (await ownPasskey(visit)).name }),
      paragraphs: [visit.text("accountFactors.remove.explain")],
      fields: { password: { type: "password", label: visit.text("account.password.current") } },
      button: visit.text("accountFactors.remove.button"),
      isWarning: true,
      otherwise: toFactors(visit.text),
    }),
    act: async (visit, { password }) => {
      const { id } = await ownPasskey(visit);
      await removePasskey(visit.people, actorOf(visit), { id, password });
      return factorChanged(visit, "accountFactors.remove.changed");
    },
  }),
];

function askForName(visit: UserVisit): Answer {
  return showNew(visit, { form: formOf({ name: "", passkey: "" }) });
}

async function options(visit: UserVisit): Promise<Answer> {
  return jsonAnswer(await beginPasskey(visit.people, actorOf(visit), visit));
}

async function add(visit: UserVisit): Promise<Answer> {
  const values = readFields(visit, FIELDS);
  return submit({
    values,
    refusedAt: "passkey",
    act: async () => {
      const response = parsePasskey<RegistrationResponseJSON>(values.passkey);
      if (!response) throw new InvalidFields({ passkey: visit.text("accountFactors.passkey.problem") });
      const { name } = values;
      await addPasskey(visit.people, actorOf(visit), { name, response, origin: visit.origin });
      return factorChanged(visit, "accountFactors.passkey.changed");
    },
    showAgain: (form) => showNew(visit, { form }),
  });
}

async function ownPasskey({ app, visitor, params }: UserVisit): Promise<Passkey> {
  const passkeys = await listPasskeys(app.db, visitor.userId);
  const passkey = passkeys.find(({ id }) => id === params["id"]);
  if (passkey) return passkey;
  throw new Refusal("not-found", "You have no such passkey");
}
