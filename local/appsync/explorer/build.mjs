import { copyFile, rm } from "node:fs/promises";
import { build } from "esbuild";

const shared = { bundle: true, minify: true, format: "esm", target: "es2022", outdir: "dist", logLevel: "warning" };

await rm("dist", { recursive: true, force: true });
await build({
  ...shared,
  entryPoints: { main: "src/main.tsx" },
  splitting: true,
  jsx: "automatic",
  loader: { ".ttf": "file" },
  define: { "process.env.NODE_ENV": '"production"' },
});
await build({
  ...shared,
  entryPoints: {
    "editor.worker": "monaco-editor/esm/vs/editor/editor.worker.js",
    "graphql.worker": "monaco-graphql/esm/graphql.worker.js",
    "json.worker": "monaco-editor/esm/vs/language/json/json.worker.js",
  },
});
await copyFile("src/index.html", "dist/index.html");
