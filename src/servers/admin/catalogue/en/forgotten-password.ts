/** Choosing a new password for an account that one cannot sign in to. */
export const forgottenPassword = {
  "forgottenPassword.title": "Choose a new password",
  "forgottenPassword.explain": "We will email you a link with which you can choose one. It also unlocks your account.",
  "forgottenPassword.emailAddress": "Email address",
  "forgottenPassword.enterEmailAddress": "Enter your email address",
  "forgottenPassword.button": "Send the link",
  "forgottenPassword.back": "Back to signing in",
  "forgottenPassword.inbox.title": "Check your inbox",
  "forgottenPassword.inbox.explain":
    "If you have an account, we have emailed you a link to choose a new password. It works once, for an hour.",
  "forgottenPassword.inbox.nothing": "If nothing arrives in a few minutes, look among your spam.",
  "forgottenPassword.inbox.again": "Check the address and try again",
  "forgottenPassword.new.title": "Create a new password",
  "forgottenPassword.new.password": "New password",
  "forgottenPassword.new.hint":
    "At least 8 characters. Long ones that only you would think of are best, such as four words.",
  "forgottenPassword.new.button": "Save",
  "forgottenPassword.over.title": "This link no longer works",
  "forgottenPassword.over.explain":
    "Links to choose a password work once, for an hour. A newer link or a changed password ends them too.",
  "forgottenPassword.over.link": "Get a new link",
} as const;
