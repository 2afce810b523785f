/** The pages a person sees who follows an unsubscribe link in a browser. */
import type { PlainAnswer } from "../plain-answer.ts";
import { escapeHtml, recipientPage } from "../recipient-page.ts";

/** Asks first: programs that look into links before their reader does must not unsubscribe anybody. */
export function confirmPage(serviceName: string): PlainAnswer {
  return recipientPage({ status: 200, heading: "Unsubscribe" }, [
    `<p>Stop getting emails like this one from ${escapeHtml(serviceName)}.</p>`,
    `<form method="post"><button type="submit">Unsubscribe</button></form>`,
  ]);
}

export function donePage(serviceName: string): PlainAnswer {
  return recipientPage({ status: 200, heading: "You have asked to unsubscribe" }, [
    `<p>We have passed this on to ${escapeHtml(serviceName)}.</p>`,
    "<p>You can close this page.</p>",
  ]);
}

export function invalidPage(): PlainAnswer {
  return recipientPage({ status: 404, heading: "This unsubscribe link does not work" }, [
    "<p>It may have been cut short when it was copied, or it is more than a year old.</p>",
    "<p>Open the link in the email again, or reply to whoever sent it.</p>",
  ]);
}
