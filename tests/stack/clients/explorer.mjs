// A person at the explorer: a wrong password, then the right one, a query, a subscription, and a picture that it hears of.
import { randomUUID } from "node:crypto";
import { chromium } from "playwright-core";
import { operations, say, stack } from "./common.mjs";

const [, , , address, executablePath, profile, screenshot] = process.argv;
const QUIET = ["quic", "background-networking", "component-update", "sync", "gpu"].map((what) => `--disable-${what}`);

const browser = await chromium.launchPersistentContext(profile, {
  executablePath,
  headless: true,
  args: ["--no-sandbox", "--no-first-run", ...QUIET],
  ignoreHTTPSErrors: true, // stands for the certificate that a person accepts once
  viewport: { width: 1280, height: 800 },
});
browser.setDefaultTimeout(20_000);
const page = await browser.newPage();
page.on("request", (request) => say("request", request.url()));
page.on("websocket", (socket) => say("socket", socket.url()));
page.on("pageerror", (error) => say("pageerror", error.message));

const { email, password } = stack.users.user;
const input = { clientRequestId: randomUUID(), model: "nanobanana-pro", prompt: "a paper boat on a still lake" };
await page.route("**/config.json", async (route) => {
  const config = await (await route.fetch()).json();
  const examples = [
    { query: operations.Models },
    { query: operations.Me },
    { query: operations.OnJob, variables: { owner: stack.users.user.sub } },
    { query: operations.Generate, variables: { input } },
  ];
  await route.fulfill({ json: { ...config, examples } });
});

const tabs = page.getByRole("tablist");
const answer = page.getByRole("region", { name: "Result Window" });
const live = page.getByLabel("Live subscriptions");
async function run(tab, expected) {
  await tabs.getByRole("button", { name: tab, exact: true }).click();
  await page.getByRole("button", { name: /execute query/i }).click();
  await answer.getByText(expected).first().waitFor();
  say("answer", { tab, text: await answer.innerText() });
}

async function signIn(secret) {
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill(secret);
  await page.getByRole("button", { name: "Sign in" }).click();
}

await page.goto(address);
for (const name of ["Operation Editor", "Result Window"]) {
  await page.getByRole("region", { name }).getByRole("textbox").waitFor({ state: "attached" }); // before that, nothing runs
}
await run("Models", "nanobanana-pro");
await page.getByText("Another account").click();
await signIn("Not-my-passw0rd");
await page.getByRole("form", { name: "Sign in" }).getByRole("alert").waitFor();
await signIn(password);
await page.getByText("Signed in as").waitFor();
await page.evaluate(() => {
  const key = "explorer.session";
  sessionStorage.setItem(key, JSON.stringify({ ...JSON.parse(sessionStorage.getItem(key)), expiresAt: 0 }));
});
await run("Me", email); // with a token that the page had to renew
await run("OnJob", "subscribed");
await run("Generate", "generateImages");
await live.getByText(/COMPLETED|FAILED|CANCELED/).first().waitFor();
say("width", await live.locator("img").first().evaluate((image) => image.decode().then(() => image.naturalWidth)));
say("events", await live.getByRole("listitem").locator("code").allInnerTexts());
await page.screenshot({ path: screenshot });
await browser.close();
