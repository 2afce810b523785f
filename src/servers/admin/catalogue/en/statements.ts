/** Accessibility and privacy. */
export const statements = {
  "statements.accessibility.title": "Accessibility of this website",
  "statements.accessibility.aim":
    "We want everybody to be able to use these pages: with a keyboard alone, a screen reader, speech recognition, enlarged to 400 %, in high contrast, and without JavaScript.",
  "statements.accessibility.standard":
    "The pages are built to meet the Web Content Accessibility Guidelines (WCAG) 2.2 at level AA. Automatic checks run over them in the light and the dark theme with every change.",
  "statements.accessibility.limits.title": "What we have not done",
  "statements.accessibility.limits":
    "These pages have not been audited by people outside the project, so we do not claim that they comply in full.",
  "statements.accessibility.report.title": "Tell us what does not work",
  "statements.accessibility.report":
    "Tell whoever runs this Pennypost which page it was, what you wanted to do, and what you use. Weaknesses of the software itself can be reported to the Pennypost project.",
  "statements.security.title": "Report a security weakness",
  "statements.security.installation":
    "If it is about this website alone, such as how it is set up, tell the organisation that runs it.",
  "statements.security.software":
    "If it is a weakness of Pennypost itself, report it to the project in private, through “Report a vulnerability” on the Security tab of its repository. Say what you did, what happened, and which version.",
  "statements.security.fair": "Use an installation of your own to try things out. Do not test on other people’s.",
  "statements.privacy.title": "Privacy",
  "statements.privacy.who":
    "This Pennypost is run by the organisation that gave you its address. It decides what is kept here and why, and answers your requests about it.",
  "statements.privacy.people.title": "People who sign in",
  "statements.privacy.people":
    "Your name, email address and mobile number, a hash of your password, what you may do, what you changed and when, and from which network address and browser you signed in.",
  "statements.privacy.recipients.title": "People who get messages",
  "statements.privacy.recipients":
    "Phone numbers, email addresses and what messages said are encrypted in the database. They are deleted after the period that each service has set, 7 days unless it chose another.",
  "statements.privacy.cookies.title": "Cookies",
  "statements.privacy.cookies":
    "Only those that these pages need: one that keeps you signed in, one that protects forms, one that carries a short notice to the next page, and one that remembers the theme you chose. None follows you, and nothing is loaded from other websites.",
} as const;
