/** `/account/password` */
import { changePassword } from "../../../flow/people/own-account.ts";
import { actorOf } from "../http/actor.ts";
import type { Route } from "../http/route.ts";
import { formRoutes } from "../plain/form-page.ts";
import { changed, toAccount } from "./paths.ts";

export const passwordRoutes: readonly Route[] = formRoutes({
  url: "/account/password",
  who: "signed-in",
  fields: ["currentPassword", "password"],
  page: ({ text }) => ({
    title: text("account.password.title"),
    paragraphs: [text("account.password.explain")],
    fields: {
      currentPassword: { type: "password", label: text("account.password.current") },
      password: {
        type: "password",
        label: text("account.password.new"),
        hint: text("account.password.hint"),
        autocomplete: "new-password",
      },
    },
    button: text("account.save"),
    otherwise: toAccount(text),
  }),
  act: async (visit, values) => {
    const { people, visitor, origin } = visit;
    await changePassword(people, actorOf(visit), { ...values, keeps: visitor.session.id, origin });
    return changed(visit, "account.password.changed");
  },
});
