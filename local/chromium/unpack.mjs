// Unpacks what the registry brought: the browser, the libraries that a bare machine lacks, and fonts.
import { mkdir, rename, rm } from "node:fs/promises";
import { resolve } from "node:path";

process.env.TMPDIR = resolve("browser"); // where inflate writes
const { inflate } = await import("@sparticuz/chromium");
const packages = resolve("node_modules");

await mkdir(process.env.TMPDIR);
for (const archive of ["chromium", "swiftshader.tar", "al2023.tar"]) {
  await inflate(`${packages}/@sparticuz/chromium/bin/${archive}.br`);
}
await rename(`${packages}/dejavu-fonts-ttf/ttf`, "fonts");
await rm(packages, { recursive: true });
