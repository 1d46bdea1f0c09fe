import { defineConfig } from "vite";

export default defineConfig({
  server: { fs: { allow: [".", "../../amplify_outputs.json"] } },
  build: {
    chunkSizeWarningLimit: 1000,
    // Amplify's components say "use client" for servers' sake.
    rolldownOptions: { onwarn: (warning, warn) => warning.code !== "MODULE_LEVEL_DIRECTIVE" && warn(warning) },
  },
});
