import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// A page is a folder with an index.html, built into dist/<page>/. Scripts and styles lie in dist/assets/ under names that
// change with their content, so that the server may let browsers keep them for good.
export default defineConfig({
  base: "/",
  plugins: [react()],
  // The server replaces the placeholder in every page it sends; see serving.py.
  html: { cspNonce: "%CSP_NONCE%" },
  build: {
    outDir: "dist",
    assetsDir: "assets",
    // A file as data: in the page's styles or scripts would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4096,
    license: true,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { dashboard: "dashboard/index.html", graphiql: "graphiql/index.html" },
      onLog: (level, log, report) => {
        // GraphiQL's files carry directives for a compiler that has already run.
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") report(level, log);
      },
    },
    target: "es2022",
  },
  worker: { format: "es" },
});
