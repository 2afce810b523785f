/** Accounts for a service's systems that bind over SMPP. */
export const smppAccounts = {
  "smppAccounts.title": "SMPP accounts",
  "smppAccounts.intro":
    "A system that speaks SMPP 3.4 sends texts with an account instead of an API key. It hears of deliveries and replies over the same connection.",
  "smppAccounts.where":
    "Whoever runs this Pennypost knows the address and the port. They also switch SMPP on: it is off unless they do.",
  "smppAccounts.create": "Create an SMPP account",
  "smppAccounts.membersOnly": "Only members of the service create accounts.",
  "smppAccounts.none": "There are no SMPP accounts yet.",
  "smppAccounts.kind": "Kind",
  "smppAccounts.lastBound": "Last connected",
  "smppAccounts.never": "Never",
  "smppAccounts.from": "from {address}",
  "smppAccounts.allowed": "May connect from",
  "smppAccounts.anywhere": "Anywhere",
  "smppAccounts.limits": "Limits",
  "smppAccounts.limitsValue": "{binds} connections, {window} unanswered requests on each, {rate} texts a second",
  "smppAccounts.replies": "Replies",
  "smppAccounts.replies.yes": "Brought to this account",
  "smppAccounts.replies.no": "Not brought to this account",
  "smppAccounts.waiting": "Waiting to be fetched",
  "smppAccounts.waitingValue": { one: "{count} receipt or reply", other: "{count} receipts and replies" },
  "smppAccounts.change": "Change",
  "smppAccounts.replace": "Replace password",
  "smppAccounts.revoke": "Revoke",
  "smppAccounts.back": "Back to SMPP accounts",

  "smppAccounts.new.title": "Create an SMPP account",
  "smppAccounts.new.systemId": "System ID",
  "smppAccounts.new.systemIdHint":
    "3 to 15 small letters, digits, hyphens and underscores. No other account of this Pennypost may have it.",
  "smppAccounts.new.kind": "Kind of account",
  "smppAccounts.new.button": "Create account",

  "smppAccounts.terms.title": "Change {systemId}",
  "smppAccounts.terms.networks": "Addresses it may connect from (optional)",
  "smppAccounts.terms.networksHint":
    "IP addresses or networks such as 192.0.2.0/24, one on each line. Leave empty for anywhere.",
  "smppAccounts.terms.binds": "Connections at once",
  "smppAccounts.terms.bindsHint": "From 1 to 50.",
  "smppAccounts.terms.window": "Unanswered requests on each connection",
  "smppAccounts.terms.windowHint": "The window, from 1 to 1,000. It counts for what is sent and for what is brought.",
  "smppAccounts.terms.rate": "Texts a second",
  "smppAccounts.terms.rateHint": "From 1 to 1,000. Each part of a long text counts.",
  "smppAccounts.terms.replies": "Bring replies to this account",
  "smppAccounts.terms.repliesYes": "Yes",
  "smppAccounts.terms.repliesNo": "No",
  "smppAccounts.terms.alphabet": "Default alphabet",
  "smppAccounts.terms.alphabetHint": "What this system means by data coding 0.",
  "smppAccounts.terms.gsm7": "GSM 7 bit, one character to an octet",
  "smppAccounts.terms.latin1": "Latin-1 (ISO 8859-1)",
  "smppAccounts.terms.button": "Save",
  "smppAccounts.terms.saved": "The SMPP account was changed.",

  "smppAccounts.made.title": "Your SMPP password",
  "smppAccounts.made.once": "Copy it now: it is shown this once and cannot be shown again.",
  "smppAccounts.made.what.systemId": "system ID",
  "smppAccounts.made.what.password": "password",
  "smppAccounts.made.password": "Password",

  "smppAccounts.replace.title": "Replace the password of {systemId}",
  "smppAccounts.replace.explain":
    "You get a new password, and the old one stops at once. Systems that are connected stay so until they connect again.",
  "smppAccounts.replace.button": "Replace password",
  "smppAccounts.replace.keep": "Keep the password",

  "smppAccounts.revoke.title": "Revoke {systemId}",
  "smppAccounts.revoke.explain":
    "Systems that are connected with it are disconnected, and nothing can connect with it again. Receipts and replies that wait for it are deleted. This cannot be undone.",
  "smppAccounts.revoke.button": "Revoke account",
  "smppAccounts.revoke.keep": "Keep the account",
  "smppAccounts.revoke.done": "The SMPP account was revoked.",
} as const;
