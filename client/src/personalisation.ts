import type { Upload } from "./prepare-upload.ts";

export type PersonalisationValue = string | number | boolean | null | readonly (string | number)[] | Upload;
export type Personalisation = Readonly<Record<string, PersonalisationValue>>;
