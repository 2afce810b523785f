/** Sending one message: choose a template, fill it in, check it, send it. Every draft has an address of its own, so two tabs are two. */
import { type Route, route } from "../http/route.ts";
import { checkSend, confirmSend } from "./check-send.ts";
import { checkUploadRoutes } from "./check-upload.ts";
import { chooseTemplate } from "./choose-template.ts";
import { showSendForm, writeSend } from "./send-form.ts";
import { downloadDraftedLetter, showDraftedLetter, showEmptyLetter, showWrittenLetter } from "./show-draft-pages.ts";
import { askForLetter, takeLetter } from "./upload-letter.ts";
import { uploadedLetterRoutes } from "./uploaded-letters.ts";

const SEND = "/services/:sid/send";
const WHO = { permission: "send_messages" } as const;

export const sendRoutes: readonly Route[] = [
  route({ method: "GET", url: SEND, who: WHO, handler: chooseTemplate }),
  route({ method: "GET", url: `${SEND}/upload-letter`, who: WHO, handler: askForLetter }),
  route({ method: "POST", url: `${SEND}/upload-letter`, who: WHO, takesFile: true, handler: takeLetter }),
  route({ method: "GET", url: `${SEND}/:tid`, who: WHO, handler: showSendForm }),
  route({ method: "POST", url: `${SEND}/:tid`, who: WHO, handler: writeSend }),
  route({ method: "GET", url: `${SEND}/:tid/preview`, who: WHO, handler: showEmptyLetter }),
  route({ method: "POST", url: `${SEND}/:tid/preview`, who: WHO, handler: showWrittenLetter }),
  route({ method: "GET", url: `${SEND}/:tid/:did`, who: WHO, handler: showSendForm }),
  route({ method: "POST", url: `${SEND}/:tid/:did`, who: WHO, handler: writeSend }),
  route({ method: "GET", url: `${SEND}/:tid/:did/pages`, who: WHO, handler: showDraftedLetter }),
  route({ method: "GET", url: `${SEND}/:tid/:did/letter.pdf`, who: WHO, handler: downloadDraftedLetter }),
  route({ method: "GET", url: `${SEND}/:tid/:did/check`, who: WHO, handler: checkSend }),
  route({ method: "POST", url: `${SEND}/:tid/:did/check`, who: WHO, handler: confirmSend }),
  ...checkUploadRoutes,
  ...uploadedLetterRoutes,
];
