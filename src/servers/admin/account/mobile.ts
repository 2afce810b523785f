/** `/account/mobile`: another number, which changes once a code that was texted to it is given. */
import {
  beginMobileChange,
  confirmMobileChange,
  getUser,
  removeMobileNumber,
} from "../../../flow/people/own-account.ts";
import { actorOf } from "../http/actor.ts";
import { redirect } from "../http/answer.ts";
import type { Route } from "../http/route.ts";
import { formRoutes } from "../plain/form-page.ts";
import { changed, toAccount } from "./paths.ts";

const MOBILE = "/account/mobile";
const CODE = `${MOBILE}/code`;
const REMOVAL = `${MOBILE}/removal`;

export const mobileRoutes: readonly Route[] = [
  ...formRoutes({
    url: MOBILE,
    who: "signed-in",
    fields: ["mobileNumber", "password"],
    page: async ({ text, people, visitor }) => {
      const { mobileNumber } = await getUser(people, visitor.userId);
      return {
        title: text("account.mobile.title"),
        paragraphs: [text("account.mobile.explain")],
        fields: {
          mobileNumber: {
            type: "tel",
            label: text("account.mobile.label"),
            hint: text("account.mobile.hint"),
            autocomplete: "tel",
          },
          password: { type: "password", label: text("account.password.current") },
        },
        button: text("account.mobile.button"),
        otherwise: mobileNumber ? { text: text("account.mobile.remove.link"), href: REMOVAL } : toAccount(text),
      };
    },
    act: async (visit, values) => {
      await beginMobileChange(visit.people, actorOf(visit), values);
      return redirect(CODE);
    },
  }),
  ...formRoutes({
    url: CODE,
    who: "signed-in",
    fields: ["code"],
    page: ({ text }) => ({
      title: text("account.mobile.code.title"),
      paragraphs: [text("account.mobile.code.explain")],
      fields: { code: { type: "code", label: text("account.mobile.code.label") } },
      button: text("account.mobile.code.button"),
      otherwise: { text: text("account.mobile.code.again"), href: MOBILE },
    }),
    act: async (visit, { code }) => {
      await confirmMobileChange(visit.people, actorOf(visit), code);
      return changed(visit, "account.mobile.changed");
    },
  }),
  ...formRoutes({
    url: REMOVAL,
    who: "signed-in",
    fields: ["password"],
    page: ({ text }) => ({
      title: text("account.mobile.remove.title"),
      paragraphs: [text("account.mobile.remove.explain")],
      fields: { password: { type: "password", label: text("account.password.current") } },
      button: text("account.mobile.remove.button"),
      isWarning: true,
      otherwise: toAccount(text),
    }),
    act: async (visit, { password }) => {
      await removeMobileNumber(visit.people, actorOf(visit), password);
      return changed(visit, "account.mobile.remove.changed");
    },
  }),
];
