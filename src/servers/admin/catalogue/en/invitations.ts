/** What the link of an invitation opens. */
export const invitations = {
  "invitations.join": "Join {name}",
  "invitations.invitedBy": "{inviter} invites you to join {name}.",
  "invitations.may": "There you can:",
  "invitations.accept": "Accept invitation",
  "invitations.joined": "You have joined {name}.",
  "invitations.signIn": "Sign in",
  "invitations.signInFirst": "{inviter} invites you. You have an account already: sign in to accept.",
  "invitations.wrongAccount.title": "This invitation is for somebody else",
  "invitations.wrongAccount.explain":
    "You are signed in with a different email address from the one that was invited. Sign out, then open the link in the email again.",
  "invitations.unknown.title": "This link does not work",
  "invitations.unknown.explain":
    "Check that you opened the whole link, of the latest email about the invitation. If it still does not work, ask for a new invitation.",
  "invitations.cancelled.title": "The invitation was cancelled",
  "invitations.cancelled.explain": "If you think that is a mistake, ask {inviter}, who invited you.",
  "invitations.expired.title": "The invitation has expired",
  "invitations.expired.explain": "It was good for 2 days. Ask {inviter}, who invited you, to send it again.",
  "invitations.accepted.title": "The invitation was accepted",
  "invitations.accepted.explain": "You have joined already. Sign in to go on.",
  "invitations.register.title": "Make your account",
  "invitations.register.address": "You will sign in with",
  "invitations.register.name": "Your name",
  "invitations.register.mobileNumber": "Mobile number (optional)",
  "invitations.register.mobileHint": "With it you can get codes to sign in by text.",
  "invitations.register.password": "Password",
  "invitations.register.passwordHint":
    "At least 8 characters. Three or four words that do not belong together are easy to remember and hard to guess.",
  "invitations.register.button": "Make account and join",
} as const;
