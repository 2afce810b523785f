/** Sending one message: choose a template, fill it in, check it, send it. Every draft has an address of its own, so two tabs are two. */
import { type Route, route } from "../http/route.ts";
import { checkSend, confirmSend } from "./check-send.ts";
import { chooseTemplate } from "./choose-template.ts";
import { showSendForm, writeSend } from "./send-form.ts";

const SEND = "/services/:sid/send";
const WHO = { permission: "send_messages" } as const;

export const sendRoutes: readonly Route[] = [
  route({ method: "GET", url: SEND, who: WHO, handler: chooseTemplate }),
  route({ method: "GET", url: `${SEND}/:tid`, who: WHO, handler: showSendForm }),
  route({ method: "POST", url: `${SEND}/:tid`, who: WHO, handler: writeSend }),
  route({ method: "GET", url: `${SEND}/:tid/:did`, who: WHO, handler: showSendForm }),
  route({ method: "POST", url: `${SEND}/:tid/:did`, who: WHO, handler: writeSend }),
  route({ method: "GET", url: `${SEND}/:tid/:did/check`, who: WHO, handler: checkSend }),
  route({ method: "POST", url: `${SEND}/:tid/:did/check`, who: WHO, handler: confirmSend }),
];
