import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { renderPage } from "../../cli/status/page";
import type { StatusRow } from "../../cli/status/row";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

function browserPath(): string {
  const path = process.env["CHROMIUM"] ?? places.find((place) => existsSync(place));
  if (path) return path;
  throw new Error("No Chromium was found; install it (apt-get install chromium) or set CHROMIUM to its path");
}

function row(fields: Partial<StatusRow>): StatusRow {
  return {
    environment: "dev",
    service: "bff",
    cluster: "eu",
    git: "1.5.0",
    live: ["1.5.0"],
    sync: "Synced",
    health: "Healthy",
    step: undefined,
    promoted: { commit: "a".repeat(40), subject: "promote: bff 1.5.0 to dev", time: "2026-08-01T00:00:00Z" },
    drift: "",
    freeze: undefined,
    ...fields,
  };
}

const attack = `<img src=x onerror="window.attacked = true"><script>window.attacked = true</script>`;
const rows = [
  row({}),
  row({ environment: "staging", health: "Degraded", drift: "still runs 1.4.0" }),
  row({
    environment: "production",
    service: "audit",
    freeze: "rollback by Ada",
    promoted: { commit: "b".repeat(40), subject: attack, time: "2026-08-01T00:00:00Z" },
  }),
  row({ environment: "production", drift: attack }),
];

describe("the status page in a browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "platform-status-"));
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  const requests: string[] = [];

  before(async () => {
    const file = join(folder, "status.html");
    writeFileSync(
      file,
      renderPage({
        commit: "c".repeat(40),
        time: new Date("2026-08-02T00:00:00Z"),
        rows,
        unreadable: [],
        healthy: [],
      }),
    );
    browser = await chromium.launch({ executablePath: browserPath(), args: ["--no-sandbox"] });
    page = await browser.newPage();
    page.on("console", (message) => void (message.type() === "error" && complaints.push(message.text())));
    page.on("pageerror", (error) => void complaints.push(error.message));
    page.on("request", (request) => void requests.push(request.url()));
    await page.goto(pathToFileURL(file).href);
  });
  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const visible = () => page.locator("tbody tr:visible").count();

  it("shows every row with its words", async () => {
    assert.equal(await visible(), rows.length);
    assert.match(await page.locator("tbody").innerText(), /still runs 1\.4\.0[\s\S]*frozen: rollback by Ada/);
    assert.match(await page.locator("p").nth(1).innerText(), /^1 of 4 are synced/);
  });

  it("loads nothing beside itself, and its own policy stops none of its parts", () => {
    assert.equal(requests.length, 1);
    assert.deepEqual(complaints, []);
  });

  it("shows other people's markup as text and runs none of it", async () => {
    assert.equal(await page.locator("tbody img, tbody script").count(), 0);
    assert.equal(await page.evaluate("window.attacked"), undefined);
    assert.ok((await page.locator("tbody").innerText()).includes(attack));
  });

  it("leaves only the rows that contain every word of the filter", async () => {
    await page.fill("input", "production audit");
    assert.equal(await visible(), 1);
    assert.equal(await page.locator("output").innerText(), "1 of 4");
    await page.fill("input", "");
    assert.equal(await visible(), rows.length);
  });

  it("marks what is wrong by more than its place", async () => {
    const weight = await page.evaluate("getComputedStyle(document.querySelector('td.bad')).fontWeight");
    assert.equal(weight, "600");
  });

  it("needs no sideways scrolling of the whole page on a small screen", async () => {
    await page.setViewportSize({ width: 375, height: 700 });
    const content = Number(await page.evaluate("document.documentElement.scrollWidth"));
    assert.ok(content <= 375, String(content));
  });
});
