/** What the editor's script is told by its page. */

import type { ChannelName } from "../../../core/channels/channel.ts";
import type { SendingStyle } from "../../../core/sms/calculate-text.ts";
import type { BrandHeader } from "../../../core/template/email-document.ts";
import type { Texts } from "../catalogue/wording.ts";

export interface EditorSettings {
  channel: ChannelName;
  /** Where what is written is sent to be shown as a letter. */
  previewUrl: string;
  style: SendingStyle;
  /** Who an email comes from. */
  sender: { name: string; address: string };
  /** Of an email: placeholders with these names are links to them. */
  fileNames: readonly string[];
  /** What stands above its words. */
  brand: BrandHeader | undefined;
  locale: string;
  /** Of what texts cost. */
  currency: string;
  texts: Texts;
  /** Where drafts are kept; undefined for a template that is not there yet. */
  draftUrl: string | undefined;
}
