// The tabs a visitor finds: what this API is for, as documents that run on the demo as they stand.

import coverage from "./examples/coverage-and-institutions.graphql?raw";
import document from "./examples/borrower-by-document.graphql?raw";
import documentVariables from "./examples/borrower-by-document.json?raw";
import months from "./examples/loans-month-by-month.graphql?raw";
import monthsVariables from "./examples/loans-month-by-month.json?raw";
import portfolio from "./examples/watch-a-portfolio.graphql?raw";
import portfolioVariables from "./examples/watch-a-portfolio.json?raw";
import screen from "./examples/screen-an-applicant.graphql?raw";
import screenVariables from "./examples/screen-an-applicant.json?raw";

const texts = [
  { query: screen, variables: screenVariables },
  { query: months, variables: monthsVariables },
  { query: portfolio, variables: portfolioVariables },
  { query: document, variables: documentVariables },
  { query: coverage, variables: "" },
];

export const examples = texts.map(({ query, variables }) => ({ query: query.trimEnd(), variables: variables.trimEnd() }));
