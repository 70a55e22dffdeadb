import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { environments } from "../../config/environment";
import { renderPage } from "../../cli/status/page";
import type { StatusRow } from "../../cli/status/row";
import { findChromium } from "./chromium";

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
    behind: undefined,
    promoted: { commit: "a".repeat(40), subject: "promote: bff 1.5.0 to dev", time: "2026-08-01T00:00:00Z" },
    drift: "",
    freeze: undefined,
    ...fields,
  };
}

const attack = `<img src=x onerror="window.attacked = true"><script>window.attacked = true</script>`;
const behind = {
  environment: "dev",
  version: "1.5.0",
  deliveries: 2,
  compare: "https://github.com/platform/bff/compare/v1.4.0...v1.5.0",
} as const;
const rows = [
  row({
    service: "audit",
    environment: "production",
    freeze: "rollback by Ada",
    promoted: { commit: "b".repeat(40), subject: attack, time: "2026-08-01T00:00:00Z" },
  }),
  row({}),
  row({ environment: "staging", git: "1.4.0", health: "Degraded", drift: "still runs 1.3.0", behind }),
  row({ environment: "production", drift: attack }),
  row({ environment: "production", cluster: "us", health: "Progressing", step: "step 2 of 5" }),
  row({ service: "workspace" }),
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
        environments,
        rows,
        unreadable: ["Cannot read the Applications of staging: HTTP 503"],
        healthy: [],
      }),
    );
    browser = await chromium.launch({ executablePath: await findChromium(folder), args: ["--no-sandbox"] });
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

  const services = () => page.locator(".matrix tbody tr:visible th").allInnerTexts();
  const cell = (service: string, environment: number) =>
    page
      .locator(".matrix tbody tr", { has: page.locator("th", { hasText: service }) })
      .locator("td")
      .nth(environment);

  it("shows every service once, with what each environment has of it", async () => {
    assert.deepEqual(await services(), ["audit", "bff", "workspace"]);
    assert.match(await cell("bff", 0).innerText(), /^1\.5\.0\s+● Healthy\s+promoted 24h ago$/);
    assert.match(await cell("bff", 1).innerText(), /▲ Degraded\s+still runs 1\.3\.0\s+2 behind dev 1\.5\.0/);
    assert.equal(await cell("workspace", 2).innerText(), "not here");
  });

  it("shows each of several clusters", async () => {
    assert.match(
      await cell("bff", 2).innerText(),
      /eu ▲ Healthy[\s\S]*us ◐ Progressing\s+Rollout: step 2 of 5/,
    );
  });

  it("says in words and figures what needs somebody", async () => {
    assert.match(
      await page.locator("h1 + p").innerText(),
      /^2 of 6 .* 3 differ from git .* 1 on their way .* 1 behind/,
    );
    assert.match(await cell("audit", 2).innerText(), /▲ Frozen, Healthy\s+rollback by Ada/);
    assert.match(await page.locator(".notice").innerText(), /staging: HTTP 503/);
    assert.match(await page.locator("thead").first().innerText(), /staging\s+0 of 1 sound/);
  });

  it("links to what is behind", async () => {
    assert.equal(await cell("bff", 1).locator("a").getAttribute("href"), behind.compare);
  });

  it("loads nothing beside itself, and its own policy stops none of its parts", () => {
    assert.equal(requests.length, 1);
    assert.deepEqual(complaints, []);
  });

  it("shows other people's markup as text and runs none of it", async () => {
    await page.click("summary");
    assert.equal(await page.locator("tbody img, tbody script").count(), 0);
    assert.equal(await page.evaluate("window.attacked"), undefined);
    for (const table of await page.locator("tbody").all())
      assert.ok((await table.innerText()).includes(attack));
    await page.click("summary");
  });

  it("leaves only what contains every word of the filter", async () => {
    await page.fill("input[type=search]", "production rollback");
    assert.deepEqual(await services(), []);
    await page.fill("input[type=search]", "audit rollback");
    assert.deepEqual(await services(), ["audit"]);
    assert.equal(await page.locator("output").innerText(), "1 of 3 services");
    await page.fill("input[type=search]", "");
  });

  it("leaves only what needs somebody where that is asked for, by keyboard", async () => {
    await page.locator("input[type=checkbox]").focus();
    await page.keyboard.press("Space");
    assert.deepEqual(await services(), ["audit", "bff"]);
    await page.keyboard.press("Space");
    assert.equal((await services()).length, 3);
  });

  for (const colorScheme of ["light", "dark"] as const) {
    it(`breaks no rule of accessibility, ${colorScheme}`, async () => {
      await page.emulateMedia({ colorScheme });
      await page.locator("details").evaluate((details) => details.setAttribute("open", ""));
      await page.evaluate(readFileSync(require.resolve("axe-core/axe.min.js"), "utf8"));
      const { violations, passes } = (await page.evaluate("axe.run()")) as {
        violations: { id: string; nodes: { html: string }[] }[];
        passes: { id: string }[];
      };
      assert.deepEqual(
        violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`),
        [],
      );
      assert.ok(passes.some(({ id }) => id === "color-contrast"));
    });
  }

  it("follows the system's theme", async () => {
    const background = async (colorScheme: "light" | "dark") => {
      await page.emulateMedia({ colorScheme });
      return page.evaluate("getComputedStyle(document.body).backgroundColor");
    };
    assert.notEqual(await background("light"), await background("dark"));
  });

  it("needs no sideways scrolling of the whole page on a small screen", async () => {
    await page.setViewportSize({ width: 375, height: 700 });
    const content = Number(await page.evaluate("document.documentElement.scrollWidth"));
    assert.ok(content <= 375, String(content));
  });
});
