/** What we use of `linebreak`, which has no types of its own. */
declare module "linebreak" {
  // biome-ignore lint/style/noDefaultExport: it has one
  export default class LineBreaker {
    constructor(text: string);
    /** Null after the end of the text, which is the last place. */
    nextBreak(): { position: number; required: boolean } | null;
  }
}
