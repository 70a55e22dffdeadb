import { existsSync } from "node:fs";
import packaged from "@sparticuz/chromium";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/**
 * Path of a Chromium: of CHROMIUM, of this machine, or the one that an npm package carries.
 *
 * @param folder where the packaged one is unpacked, to be removed by the caller.
 */
export async function findChromium(folder: string): Promise<string> {
  const installed = process.env["CHROMIUM"] || places.find((place) => existsSync(place));
  if (installed) return installed;
  // The package unpacks below the temporary folder and leaves 200 MB there.
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = folder;
  try {
    return await packaged.executablePath();
  } finally {
    if (before === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = before;
  }
}
