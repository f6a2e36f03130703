// What the reader chose to see: kept in the address, so that it can be sent, marked, and gone back to.

import { useCallback, useEffect, useState } from "react";

export interface Span {
  last?: string;
  from?: string;
  to?: string;
}

export interface View {
  window: Span;
  every: "MONTH" | "QUARTER" | "YEAR";
  by: "" | "INSTITUTION_KIND" | "PRODUCT";
  kind: string;
  product: string;
  over: 30 | 60 | 90;
}

export const FIRST: View = { window: { last: "P24M" }, every: "MONTH", by: "", kind: "", product: "", over: 30 };

// A window is passed on as it stands: the API says best what is wrong with one.
export function read(search: string): View {
  const asked = new URLSearchParams(search);
  const window: Span = {};
  for (const key of ["last", "from", "to"] as const) {
    const value = asked.get(key);
    if (value) window[key] = value;
  }
  return {
    window: Object.keys(window).length ? window : FIRST.window,
    every: oneOf(asked.get("every"), ["MONTH", "QUARTER", "YEAR"]) ?? FIRST.every,
    by: oneOf(asked.get("by"), ["INSTITUTION_KIND", "PRODUCT"]) ?? FIRST.by,
    kind: asked.get("kind") ?? "",
    product: asked.get("product") ?? "",
    over: oneOf(Number(asked.get("over")), [30, 60, 90]) ?? FIRST.over,
  };
}

export function write(view: View): string {
  const { window, ...rest } = view;
  const kept = new URLSearchParams();
  if (window.last !== FIRST.window.last || window.from || window.to) {
    for (const [key, value] of Object.entries(window)) kept.set(key, value);
  }
  for (const [key, value] of Object.entries(rest)) {
    if (value !== FIRST[key as keyof typeof rest]) kept.set(key, String(value));
  }
  return kept.size ? `?${kept}` : "";
}

export function useView(): [View, (change: Partial<View>) => void] {
  const [view, setView] = useState(() => read(location.search));
  useEffect(() => {
    const back = () => setView(read(location.search));
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  }, []);
  const change = useCallback((part: Partial<View>) => {
    const next = { ...read(location.search), ...part };
    history.pushState(null, "", location.pathname + write(next));
    setView(next);
  }, []);
  return [view, change];
}

function oneOf<T>(value: unknown, allowed: readonly T[]): T | undefined {
  return allowed.find((known) => known === value);
}
