// Sends an operation to the API of the server that this page came from, by POST: nothing of it shows in an address.

import type { Fetcher, FetcherParams, FetcherResult } from "@graphiql/toolkit";
import { Kind, parse } from "graphql";

export const fetcher: Fetcher = async ({ query, variables, operationName }, options): Promise<FetcherResult> => {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: {
      ...options?.headers,
      accept: "application/graphql-response+json, application/json;q=0.9",
      "content-type": "application/json",
    },
    body: JSON.stringify({ query, variables, operationName: holds(query, operationName) ? operationName : null }),
    credentials: "same-origin",
    redirect: "error",
  });
  return (await response.json()) as FetcherResult;
};

// For a moment after a change of tabs GraphiQL still names the operation of the tab before.
function holds(query: string, name: FetcherParams["operationName"]): boolean {
  try {
    return parse(query, { noLocation: true }).definitions.some(
      (definition) => definition.kind === Kind.OPERATION_DEFINITION && definition.name?.value === name,
    );
  } catch {
    return false;
  }
}
