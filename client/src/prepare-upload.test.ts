import { describe, expect, it } from "vitest";
import { failureOf } from "../test/scripted-api.ts";
import { prepareUpload } from "./prepare-upload.ts";

describe("prepareUpload", () => {
  const MAX_BYTES = 2 * 1024 * 1024;

  it("encodes the file and keeps the options", () => {
    const options = { filename: "report.csv", confirmEmailBeforeDownload: false, retentionPeriod: "52 weeks" };
    expect(prepareUpload(Buffer.from("a,£"), options)).toEqual({
      file: "YSzCow==",
      filename: "report.csv",
      confirm_email_before_download: false,
      retention_period: "52 weeks",
    });
  });

  it("takes text as UTF-8, and part of a larger buffer as that part", () => {
    expect(prepareUpload("a,£").file).toBe("YSzCow==");
    expect(prepareUpload(new Uint8Array([9, 97, 9]).subarray(1, 2)).file).toBe("YQ==");
  });

  it("takes 2 MB and refuses a byte more", () => {
    expect(prepareUpload(Buffer.alloc(MAX_BYTES)).file).toHaveLength(Math.ceil(MAX_BYTES / 3) * 4);
    for (const file of [Buffer.alloc(MAX_BYTES + 1), "£".repeat(MAX_BYTES / 2 + 1)]) {
      const error = failureOf(() => prepareUpload(file));
      expect(error).toMatchObject({ error: "InvalidArgumentError", message: "File is larger than 2MB." });
    }
  });
});
