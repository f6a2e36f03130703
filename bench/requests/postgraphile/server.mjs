// PostGraphile as its documentation sets it up: the Amber preset, the filter plugin, computed columns, production mode.

import cluster from "node:cluster";
import { createServer } from "node:http";
import { PgSimplifyInflectionPreset } from "@graphile/simplify-inflection";
import { postgraphile } from "postgraphile";
import { makePgService } from "postgraphile/adaptors/pg";
import { grafserv } from "postgraphile/grafserv/node";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { jsonPgSmartTags } from "postgraphile/utils";
import { PostGraphileConnectionFilterPreset } from "postgraphile-plugin-connection-filter";

const { DATABASE_URL, PORT, WORKERS = "1" } = process.env;

const preset = {
  extends: [PostGraphileAmberPreset, PgSimplifyInflectionPreset, PostGraphileConnectionFilterPreset],
  plugins: [
    jsonPgSmartTags({
      version: 1,
      config: {
        // Its name is that of a table, in the plural.
        procedure: { "public.portfolio_presences": { tags: { behavior: "-*" } } },
        class: {
          "public.repayment": { tags: { foreignKey: "(loan_id) references public.loan (id)" } },
        },
      },
    }),
  ],
  pgServices: [
    makePgService({ connectionString: DATABASE_URL, schemas: ["public", "requests"], poolConfig: { max: 10 } }),
  ],
  disablePlugins: ["MutationPlugin"],
  schema: { connectionFilterRelations: false },
  grafast: { explain: false },
  grafserv: { watch: false, graphiql: false, maxRequestLength: 1 << 20 },
};

if (cluster.isPrimary && Number(WORKERS) > 1) {
  for (let worker = 0; worker < Number(WORKERS); worker += 1) cluster.fork();
} else {
  const server = createServer();
  const serv = postgraphile(preset).createServ(grafserv);
  await serv.addTo(server);
  server.keepAliveTimeout = 120_000;
  server.listen(Number(PORT), "127.0.0.1", () => console.error("ready"));
}
