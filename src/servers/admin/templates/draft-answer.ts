/** What the editor's script is told when a draft was kept. */
export interface DraftAnswer {
  /** In words, with the time. */
  said: string;
  /** Somebody has saved another version meanwhile. */
  isOutdated: boolean;
}
