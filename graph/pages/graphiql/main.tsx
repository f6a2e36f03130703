// The GraphiQL page: the editor, its examples, and nothing kept but the theme.

import "./nonce";
import "./workers";
// The parts of graphiql/style.css but its fonts, which are data: addresses, and Monaco's styles, which come with Monaco.
import "@graphiql/react/style.css";
import "@graphiql/plugin-doc-explorer/style.css";
import "graphiql/graphiql.css";
import "./page.css";
import { GraphiQL } from "graphiql";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { examples } from "./examples";
import { fetcher } from "./fetcher";
import { memory } from "./memory";
import { passed } from "./passed";

// It waits in a tab of its own until the visitor runs it.
const tabs = [...passed(), ...examples];

// GraphiQL takes the first tab's query from the tabs, and its variables only from here.
const variables = tabs[0]?.variables ?? "";

createRoot(document.getElementById("page")!).render(
  <StrictMode>
    <GraphiQL
      fetcher={fetcher}
      storage={memory}
      plugins={[]}
      defaultTabs={tabs}
      initialVariables={variables}
      shouldPersistHeaders={false}
      defaultEditorToolsVisibility="variables"
      inputValueDeprecation
      schemaDescription
    >
      <GraphiQL.Logo>
        Borrowgraph
      </GraphiQL.Logo>
    </GraphiQL>
  </StrictMode>,
);
