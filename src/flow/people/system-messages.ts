/**
 * What Pennypost itself writes to the people who use it, one entry a message, ready for other languages: an entry of another language is
 * a template of its own. A text that is changed here becomes a new version of its template at the next start.
 */
import type { TypedChannel } from "../../core/channels/channels.ts";
import { APPLICATION_TEMPLATES } from "./application-messages.ts";

export interface SystemTemplate {
  /** The same in every installation, so that several processes at once make one template. */
  id: string;
  channel: TypedChannel;
  name: string;
  subject?: string;
  body: string;
}

export const SYSTEM_TEMPLATES = {
  "sign-in-code": {
    id: "daf70355-817b-4e35-bc11-1ed8b56ce4dc",
    channel: "sms",
    name: "Code to sign in",
    body: "((code)) is your code to sign in. It works for 30 minutes. We will never ask you for it.",
  },
  "mobile-code": {
    id: "195c98bf-e13e-4a2e-986b-2915d3c586b5",
    channel: "sms",
    name: "Code to confirm a mobile number",
    body: "((code)) is your code to confirm this mobile number. It works for 30 minutes.",
  },
  "sender-code": {
    id: "de1f8d61-77e9-4a88-b1b4-0e17294dc7fb",
    channel: "sms",
    name: "Code to prove a text message sender",
    body: "((code)) lets ((service)) send texts that come from this number. Not yours to allow? Tell it to nobody. It works for 30 minutes.",
  },
  "confirm-registration": {
    id: "65bb186b-a643-4d60-81d6-da744e0be4fc",
    channel: "email",
    name: "Confirm your email address",
    subject: "Confirm your email address",
    body: `Hello ((name)),

To finish making your account, confirm that this is your email address:

((link))

The link works for an hour.

If you did not ask for an account, you can ignore this email.`,
  },
  "already-registered": {
    id: "5db46096-ba77-4039-af9a-216c197565b5",
    channel: "email",
    name: "You already have an account",
    subject: "You already have an account",
    body: `Hello ((name)),

Someone, probably you, asked for a new account with this email address. You already have one.

[Sign in](((sign-in link)))

If you have forgotten your password, you can [choose a new one](((forgotten password link))).

If you did not ask for an account, you can ignore this email.`,
  },
  "sign-in-link": {
    id: "dddd9b3f-b9c1-41f7-99fd-184d28cf3b82",
    channel: "email",
    name: "Link to sign in",
    subject: "Sign in",
    body: `Hello ((name)),

Open this link to finish signing in:

((link))

It works once, for 30 minutes. If you are not signing in now, someone else knows your password: change it.`,
  },
  "password-link": {
    id: "159e3b1b-594f-49ab-bd4a-1953d0d60f69",
    channel: "email",
    name: "Choose a new password",
    subject: "Choose a new password",
    body: `Hello ((name)),

Open this link to choose a new password:

((link))

It works once, for an hour. If you did not ask for it, you can ignore this email: your password stays as it is.`,
  },
  "email-address-link": {
    id: "22560a28-0b06-4b8e-b45c-948b3be05e86",
    channel: "email",
    name: "Confirm your new email address",
    subject: "Confirm your new email address",
    body: `Hello ((name)),

Open this link to use this email address for your account:

((link))

It works once, for an hour. If you did not ask for it, you can ignore this email.`,
  },
  "email-address-changed": {
    id: "538ec7dc-ac43-447d-8597-95b0a579c20d",
    channel: "email",
    name: "Your email address was changed",
    subject: "Your email address was changed",
    body: `Hello ((name)),

The email address of your account was changed. From now on you sign in with the new one, and this mailbox hears no more of it.

If this was not you, tell those who run this Pennypost.`,
  },
  "password-changed": {
    id: "b9ab7351-f51a-48e7-95f3-305e98aa9ec3",
    channel: "email",
    name: "Your password was changed",
    subject: "Your password was changed",
    body: `Hello ((name)),

The password of your account was changed.

If this was not you, [choose a new one](((forgotten password link))) and tell those who run this Pennypost.`,
  },
  "service-invitation": {
    id: "f91d15e1-43fe-48f0-b4aa-4b63588fac02",
    channel: "email",
    name: "Invitation to a service",
    subject: "You are invited to work on ((service))",
    body: `((inviter)) invites you to work on ((service)).

((link))

The invitation is good for 2 days.`,
  },
  "organisation-invitation": {
    id: "cc896725-1016-4965-8817-8e65b881210e",
    channel: "email",
    name: "Invitation to an organisation",
    subject: "You are invited to ((organisation))",
    body: `((inviter)) invites you to join ((organisation)).

((link))

The invitation is good for 2 days.`,
  },
  "join-request": {
    id: "c1158e17-5ed2-44c0-8609-755f99edc1d2",
    channel: "email",
    name: "Someone asks to join a service",
    subject: "((requester)) asks to join ((service))",
    body: `((requester)) (((requester address))) asks to join ((service)).

((has reason??Their reason:))

((reason))

Decide here whether they may:

((link))`,
  },
  "join-approved": {
    id: "234024a1-da3c-4591-b66b-2523590adb74",
    channel: "email",
    name: "You have joined a service",
    subject: "You can now work on ((service))",
    body: `Hello ((name)),

You asked to join ((service)). ((manager)) has let you in.

((link))`,
  },
  "join-refused": {
    id: "2466b99f-1351-4dd3-a31a-d037f42a8516",
    channel: "email",
    name: "You have not joined a service",
    subject: "You cannot join ((service))",
    body: `Hello ((name)),

You asked to join ((service)). ((manager)) has decided against it.`,
  },
  "go-live-requested": {
    id: "b282c702-f18d-4c71-91d4-c6bd163d30d5",
    channel: "email",
    name: "A service asks to go live",
    subject: "((service)) asks to go live",
    body: `((requester)) asks for ((service)) to go live.

Look at what they have done, and decide:

((link))`,
  },
  "go-live-approved": {
    id: "6522a1f8-3331-4d93-94d5-e6023e41e895",
    channel: "email",
    name: "A service is live",
    subject: "((service)) is live",
    body: `Hello ((name)),

((service)) is live: it can now send to anyone.

((link))`,
  },
  "go-live-refused": {
    id: "af0bc788-2554-465e-b2c6-ee421660db8a",
    channel: "email",
    name: "A service is not live yet",
    subject: "((service)) is not live yet",
    body: `Hello ((name)),

Your request for ((service)) to go live was not approved. Here you see why, and can ask again:

((link))`,
  },
  "budget-warning": {
    id: "6d2b1c1e-93f1-4c58-8a1d-5f0f4c7b7a62",
    channel: "email",
    name: "A budget is nearly spent, or spent",
    subject: "((service)) has spent ((percent)) % of its budget for ((month))",
    body: `Hello ((name)),

((service)) means to spend ((budget)) on texts in ((month)). It has spent ((spent)) so far: ((percent)) %.

((effect)) What they cost, and where the budget is changed:

((link))`,
  },
  "alert-email": {
    id: "e1f5b7a4-8c36-4f0d-b1d4-0f9a2c7d5e38",
    channel: "email",
    name: "An alert, by email",
    subject: "((state)): ((alert))",
    body: `((state)): ((alert))

((what))

All alerts, and the rules that they come of:

((link))`,
  },
  "messages-held": {
    id: "3b8e2f6c-71d4-4c0a-9e57-5d2a8c1f4b90",
    channel: "email",
    name: "Messages are held",
    subject: "((service)): messages wait for two people",
    body: `((count)) messages of the template “((template))” are held, because more than usual were sent at once.

They go when one person has asked for that and another has agreed. Otherwise they are given up ((until)).

((link))`,
  },
  "flood-stopped": {
    id: "5c1d7e92-0a4b-4f36-8d21-b7e3f0962a14",
    channel: "email",
    name: "A flood guard has stopped messages",
    subject: "((service)): the flood guard has stopped messages",
    body: `((what)) in ((service)). Further ones are ((action)) ((until)).

What is stopped now, and where it is lifted:

((link))`,
  },
  "alert-text": {
    id: "f3a9d2c1-5b47-4e62-9c08-6d1e8b0a4f75",
    channel: "sms",
    name: "An alert, by text",
    body: "((state)): ((alert)). ((what))",
  },
  "balance-low": {
    id: "c8a4b0f2-2d5e-4f0c-9a57-7e6d1b3c4a90",
    channel: "email",
    name: "A balance is low",
    subject: "The balance of ((organisation)) is low",
    body: `Hello ((name)),

The texts of ((organisation)) are paid from a balance. ((available)) of it is left, which is less than ((low)). When nothing is left, texts are refused.

What was spent, and how much is held for texts that are under way:

((link))`,
  },
  "callback-paused": {
    id: "b1f7c9d4-5f0e-4a7e-8d55-0a3c6a0e9f41",
    channel: "email",
    name: "An endpoint is told nothing more",
    subject: "An endpoint of ((service)) is paused",
    body: `Hello ((name)),

For more than a day no callback of ((service)) was taken at ((host)). Pennypost has stopped making them: what happens now is not told there.

When your system works again, resume the endpoint here:

((link))`,
  },
  "sender-requested": {
    id: "0b0d4a86-6d0b-4a3c-9a57-1f6a1f0e8d11",
    channel: "email",
    name: "A text sender waits for approval",
    subject: "((service)) asks to send texts as ((sender))",
    body: `((requester)) asks for ((service)) to send texts as ((sender)).

Approve or refuse it here:

((link))`,
  },
  "sender-approved": {
    id: "5a1f9e0c-3c1e-4d39-8f57-92a4c1b7e002",
    channel: "email",
    name: "A text sender was approved",
    subject: "((service)) can send texts as ((sender))",
    body: `Hello ((name)),

((sender)) was approved: ((service)) can send texts under it.

((link))`,
  },
  "sender-refused": {
    id: "c7d5b1f4-8a36-4f6c-9d2f-3e0b5a4f9c23",
    channel: "email",
    name: "A text sender was refused",
    subject: "((service)) cannot send texts as ((sender))",
    body: `Hello ((name)),

((sender)) was refused as a sender of ((service)). The reason:

((reason))

Your other senders go on as before. Choose another name here:

((link))`,
  },
  ...APPLICATION_TEMPLATES,
  "text-forwarded": {
    id: "e2b9c3a6-51d7-4d0c-8a39-6f0d3f6b7a54",
    channel: "email",
    name: "A text that was written to a service",
    subject: "((from)) has texted ((service))",
    body: `((from)) has texted ((service)) on ((number)):

^ ((words))

Answer it in the inbox:

((link))`,
  },
  "texts-not-forwarded": {
    id: "4d7e0f12-9b3a-4c66-b0c8-2a5e8d9f1c35",
    channel: "email",
    name: "More texts than are forwarded",
    subject: "More texts to ((service)) than are forwarded in an hour",
    body: `((service)) gets more texts than Pennypost forwards by email in an hour. The others are in the inbox:

((link))`,
  },
  "reply-to-link": {
    id: "3c0a7f54-0b1e-4d0f-9d6c-5a1f6c5b8e27",
    channel: "email",
    name: "Confirm a reply-to address",
    subject: "Confirm that replies to ((service)) may come here",
    body: `((service)) wants replies to its emails to come to this address.

Open this link to agree:

((link))

It works for 24 hours. If you do not know what this is about, you can ignore this email: no replies will come.`,
  },
} as const satisfies Record<string, SystemTemplate>;

export type SystemMessageKind = keyof typeof SYSTEM_TEMPLATES;
