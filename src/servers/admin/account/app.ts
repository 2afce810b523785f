/** `/account/second-factors/app`: an authenticator app, kept once it has shown a right code. */
import { Refusal } from "../../../core/refusal.ts";
import { beginApp, confirmApp, type NewApp, showAppAgain } from "../../../flow/people/authenticator-app.ts";
import { type SafeHtml, safeHtml } from "../../../platform/views.ts";
import { actorOf } from "../http/actor.ts";
import type { Answer } from "../http/answer.ts";
import { type Form, formOf, readFields, submit } from "../http/form.ts";
import { page } from "../http/page.ts";
import { type Route, route } from "../http/route.ts";
import type { UserVisit } from "../http/visit.ts";
import { factorChanged, SECOND_FACTORS } from "./paths.ts";

const APP = `${SECOND_FACTORS}/app`;
/** Secrets are typed in groups, as they are read. */
const GROUP = /.{1,4}/g;

interface AppPage {
  form: Form<"code">;
  /** An SVG element. */
  qrCode: SafeHtml;
  secret: string;
  sealedSecret: string;
}

const showApp = page<AppPage>("account/app.njk");

export const appRoutes: readonly Route[] = [
  route({ method: "GET", url: APP, who: "signed-in", handler: begin }),
  route({ method: "POST", url: APP, who: "signed-in", handler: confirm }),
];

async function begin(visit: UserVisit): Promise<Answer> {
  return show(visit, await beginApp(visit.people, actorOf(visit)), formOf({ code: "" }));
}

async function confirm(visit: UserVisit): Promise<Answer> {
  const values = readFields(visit, ["code"]);
  const { sealedSecret } = readFields(visit, ["sealedSecret"]);
  return submit({
    values,
    refusedAt: "code",
    act: async () => {
      await confirmApp(visit.people, actorOf(visit), { ...values, sealedSecret });
      return factorChanged(visit, "accountFactors.app.changed");
    },
    showAgain: async (form) => show(visit, await sameApp(visit, sealedSecret), form),
  });
}

/** The one that was shown; another if that cannot be told. */
async function sameApp({ people, ...visit }: UserVisit, sealedSecret: string): Promise<NewApp> {
  try {
    return await showAppAgain(people, actorOf(visit), sealedSecret);
  } catch (error) {
    if (error instanceof Refusal) return beginApp(people, actorOf(visit));
    throw error;
  }
}

function show(visit: UserVisit, { qrCode, secret, sealedSecret }: NewApp, form: Form<"code">): Answer {
  const grouped = secret.match(GROUP)?.join(" ") ?? secret;
  return showApp(visit, { form, qrCode: safeHtml(qrCode), secret: grouped, sealedSecret });
}
