// biome-ignore-all lint/performance/noBarrelFile: a package has one door
export type * from "./answers.ts";
export type { ChatRecipient } from "./chat-recipient.ts";
export type {
  ClientOptions,
  CodeRecipient,
  PricedRecipient,
  PricedWords,
  SuppressedRecipient,
  VerificationOptions,
} from "./pennypost-client.ts";
export { DEFAULT_BASE_URL, PennypostClient } from "./pennypost-client.ts";
export type { ApiError } from "./pennypost-error.ts";
export { PennypostError } from "./pennypost-error.ts";
export type { Personalisation, PersonalisationValue } from "./personalisation.ts";
export type { ContactFields, GroupMessageOptions, Phonebook } from "./phonebook.ts";
export type * from "./phonebook-answers.ts";
export type { Upload, UploadOptions } from "./prepare-upload.ts";
export type * from "./reach-answers.ts";
export type { ReachOptions, ReachStepWish } from "./reach-request.ts";
export type { EmailOptions, LetterOptions, SmsOptions } from "./send-options.ts";
export type { ToContact } from "./to-contact.ts";
