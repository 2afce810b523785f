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
} as const;
