/** Signing in and out. */
export const signIn = {
  "signIn.title": "Sign in",
  "signIn.emailAddress": "Email address",
  "signIn.password": "Password",
  "signIn.button": "Continue",
  "signIn.enterEmailAddress": "Enter your email address",
  "signIn.enterPassword": "Enter your password",
  "signIn.refused": "The email address or password is not right, or the account is locked",
  "signIn.signedOut": "You have signed out",
  "signIn.needed": "Sign in to see that page.",
  "signIn.forgotten": "Forgotten your password?",
  "signIn.register.heading": "No account yet?",
  "signIn.register.link": "Create an account",
  "signIn.single.heading": "People of our organisation",
  "signIn.single.button": "Sign in with your organisation",
  "signIn.single.title": "You are not signed in",
  "signIn.single.failed": "Your organisation’s sign-in was not finished, or took too long. Try again.",
  "signIn.single.notAllowed":
    "Your organisation knows you, but its people with your email address are not let in here. Ask whoever runs this Pennypost.",
  "signIn.single.unavailable":
    "Your organisation’s sign-in does not answer. Try again later, or sign in with a password.",
  "signIn.single.back": "Back to signing in",
} as const;
