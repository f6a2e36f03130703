// A document that another page of ours passes on behind the # of the address, which no server sees.

export interface Tab {
  query: string;
  variables: string;
}

// Taken once and out of the address again, before anything could keep it.
export function passed(): Tab[] {
  const given = new URLSearchParams(location.hash.slice(1));
  const query = given.get("query");
  if (!query) return [];
  history.replaceState(null, "", location.pathname + location.search);
  return [{ query: query.trimEnd(), variables: given.get("variables") ?? "" }];
}
