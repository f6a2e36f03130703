// What changed: a rate of the last period beside the same rate of an earlier one, in percentage points.

import type { ReactNode } from "react";
import type { Rates } from "./answer";
import { change, day, type Every } from "./words";

export const RATES = [
  { key: "over30Rate", name: "> 30 days", title: "Over 30 days", look: "rate30" },
  { key: "over60Rate", name: "> 60 days", title: "Over 60 days", look: "rate60" },
  { key: "over90Rate", name: "> 90 days", title: "Over 90 days", look: "rate90" },
] as const;
export type Rate = (typeof RATES)[number]["key"];

// How many months back the period before and the year before are; years have just the one.
export const BACK: Record<Every, readonly { months: number; name: string }[]> = {
  MONTH: [
    { months: 1, name: "the month before" },
    { months: 12, name: "the year before" },
  ],
  QUARTER: [
    { months: 3, name: "the quarter before" },
    { months: 12, name: "the year before" },
  ],
  YEAR: [{ months: 12, name: "the year before" }],
};

// Points in order; the last one is compared with the one so many months earlier. Null where either has no such rate.
export function since(points: Rates[], key: Rate, months: number): { text: string; sign: number } | null {
  const last = points.at(-1);
  if (!last) return null;
  const start = day(last.period);
  const then = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() - months, 1)).toISOString().slice(0, 10);
  const [was, is] = [points.find(({ period }) => period === then)?.[key] ?? null, last[key]];
  return was === null || is === null ? null : change(is, was);
}

export function Changed({ text, sign }: { text: string; sign: number }): ReactNode {
  return (
    <>
      <span aria-hidden="true">{ARROWS[sign + 1]}</span> {text} <abbr title="percentage points">pp</abbr>
    </>
  );
}

export const verdict = (sign: number): string => ["better", "same", "worse"][sign + 1]!;
const ARROWS = ["▼", "=", "▲"];
