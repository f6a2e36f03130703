// Keeps what GraphiQL would store: the theme in the browser's storage, everything else in memory until the page closes.
//
// Queries, variables, headers and tabs can hold identity numbers; none of them may outlive the page.

import type { Storage } from "@graphiql/toolkit";

const KEPT = "graphiql:theme";
const values = new Map<string, string>();

export const memory: Storage = {
  get length() {
    return values.size;
  },
  getItem: (key) => (key === KEPT ? localStorage.getItem(key) : (values.get(key) ?? null)),
  setItem: (key, value) => {
    if (key === KEPT) localStorage.setItem(key, value);
    else values.set(key, value);
  },
  removeItem: (key) => {
    if (key === KEPT) localStorage.removeItem(key);
    else values.delete(key);
  },
  clear: () => {
    localStorage.removeItem(KEPT);
    values.clear();
  },
};
