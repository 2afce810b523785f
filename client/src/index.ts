// biome-ignore-all lint/performance/noBarrelFile: a package has one door
export type * from "./answers.ts";
export type {
  ClientOptions,
  CodeRecipient,
  EmailOptions,
  LetterOptions,
  Personalisation,
  PersonalisationValue,
  PricedRecipient,
  PricedWords,
  SmsOptions,
  SuppressedRecipient,
  VerificationOptions,
} from "./pennypost-client.ts";
export { DEFAULT_BASE_URL, PennypostClient } from "./pennypost-client.ts";
export type { ApiError } from "./pennypost-error.ts";
export { PennypostError } from "./pennypost-error.ts";
export type { Upload, UploadOptions } from "./prepare-upload.ts";
