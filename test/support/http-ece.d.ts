/** Of https://github.com/web-push-libs/encrypted-content-encoding, which comes without types. */
declare module "http_ece" {
  import type { ECDH } from "node:crypto";

  const ece: {
    decrypt(body: Buffer, options: { version: "aes128gcm"; privateKey: ECDH; authSecret: string }): Buffer;
  };
  // biome-ignore lint/style/noDefaultExport: as the package has it
  export default ece;
}
