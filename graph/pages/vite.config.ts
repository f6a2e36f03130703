import react from "@vitejs/plugin-react";
import { createServer, defineConfig, type Plugin } from "vite";

// Writes down which documents the dashboard asks, as they are when it asks them: the server trusts those without their being
// registered. See graph/trusted.py.
const documents: Plugin = {
  name: "documents",
  apply: "build",
  async generateBundle() {
    const server = await createServer({ configFile: false, server: { middlewareMode: true }, appType: "custom", logLevel: "silent" });
    try {
      const { texts } = (await server.ssrLoadModule("/dashboard/documents.ts")) as { texts: () => string[] };
      this.emitFile({ type: "asset", fileName: "documents.json", source: JSON.stringify(texts()) });
    } finally {
      await server.close();
    }
  },
};

// A page is a folder with an index.html, built into dist/<page>/. Scripts and styles lie in dist/assets/ under names that
// change with their content, so that the server may let browsers keep them for good.
export default defineConfig({
  base: "/",
  plugins: [react(), documents],
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
