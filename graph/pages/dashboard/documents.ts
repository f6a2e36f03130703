// The GraphQL documents: one for the page, and one for each figure, from the same fragments.

import buckets from "./figures/buckets.graphql?raw";
import headline from "./figures/headline.graphql?raw";
import lenders from "./figures/lenders.graphql?raw";
import rolls from "./figures/rolls.graphql?raw";
import trend from "./figures/trend.graphql?raw";
import vintages from "./figures/vintages.graphql?raw";
import type { View } from "./view";

const fragments = { headline, trend, buckets, vintages, rolls, lenders };
export type Figure = keyof typeof fragments;

const TYPES = {
  filter: "PortfolioFilter",
  window: "Window!",
  year: "Window!",
  every: "Period!",
  cohorts: "Period!",
  by: "PortfolioDimension",
  over: "Int!",
};
type Variables = Partial<Record<keyof typeof TYPES, unknown>>;

export interface Asked {
  query: string;
  variables: Variables;
}

// What the pickers offer is asked over the whole market, whatever the filter.
const CHOICES = `  coverage {
    firstMonth
    lastMonth
  }
  market: portfolio {
    kinds: delinquency(window: { last: "P1Y" }, every: YEAR, by: INSTITUTION_KIND) {
      key
    }
    products: delinquency(window: { last: "P1Y" }, every: YEAR, by: PRODUCT) {
      key
    }
  }
`;

export const page = (view: View): Asked => ask("Dashboard", Object.values(fragments), view, CHOICES);

export const choices: Asked = { query: `query Choices {\n${CHOICES}}\n`, variables: {} };

export const one = (figure: Figure, view: View): Asked => ask(name(fragments[figure]), [fragments[figure]], view);

// Every document of the page, for the build to write down: the text of none hangs on what the reader chose to see.
export const texts = (): string[] => {
  const view: View = { window: { last: "P24M" }, every: "MONTH", by: "", kind: "", product: "", over: 30 };
  const figures = Object.keys(fragments) as Figure[];
  return [page(view), choices, ...figures.map((figure) => one(figure, view))].map(({ query }) => query);
};

// A new tab with the document. What follows # stays in the browser: no server is told, no log has it.
export function inGraphiQL({ query, variables }: Asked): string {
  return `/graphiql#${new URLSearchParams({ query, variables: JSON.stringify(variables, null, 2) })}`;
}

function ask(operation: string, parts: string[], view: View, also = ""): Asked {
  const body = `${also}  portfolio(filter: $filter) {\n${parts.map((part) => `    ...${name(part)}\n`).join("")}  }\n`;
  const text = [body, ...parts].join("\n");
  const all = values(view);
  const used = (Object.keys(TYPES) as (keyof typeof TYPES)[]).filter((key) => new RegExp(`\\$${key}\\b`).test(text));
  const declared = used.map((key) => `$${key}: ${TYPES[key]}`).join(", ");
  return {
    query: [`query ${operation}(${declared}) {\n${body}}\n`, ...parts].join("\n"),
    variables: Object.fromEntries(used.map((key) => [key, all[key]]).filter(([, value]) => value !== undefined)),
  };
}

function values(view: View): Variables {
  const { to } = view.window;
  const filter = {
    ...(view.kind && { institutionKinds: [view.kind] }),
    ...(view.product && { products: [view.product] }),
  };
  return {
    filter: view.kind || view.product ? filter : undefined,
    window: view.window,
    // A month and the same month of the year before.
    year: { last: "P13M", ...(to && { to }) },
    every: view.every,
    cohorts: cohorts(view),
    by: view.by || undefined,
    over: view.over,
  };
}

// Cohorts of a month are too many lines to tell apart.
export const cohorts = (view: View): "QUARTER" | "YEAR" => (view.every === "YEAR" ? "YEAR" : "QUARTER");

const name = (fragment: string): string => /^fragment (\w+)/.exec(fragment)![1]!;
