// Loans opened in a period, followed by months on book.

import type { ReactNode } from "react";
import type { Cohort, Portfolio } from "./answer";
import { Card, NOT_THERE } from "./card";
import { Lines } from "./charts/lines";
import { Buttons } from "./controls";
import { cohorts } from "./documents";
import type { Sheet } from "./sheet";
import type { View } from "./view";
import { count, period, rate } from "./words";

const OVER = [
  [30, "30"],
  [60, "60"],
  [90, "90"],
] as const;

interface Props {
  portfolio: Portfolio;
  view: View;
  change: (part: Partial<View>) => void;
}

export function Vintages({ portfolio, view, change }: Props): ReactNode {
  const every = cohorts(view);
  const all = portfolio.vintages;
  const drawn = all.filter(({ curve }) => curve.length);
  const longest = Math.max(0, ...drawn.map(({ curve }) => curve.length));
  const top = Math.max(0, ...drawn.flatMap(({ curve }) => curve.map((point) => point.everRate ?? 0)));
  const named = (cohort: Cohort) => period(cohort.opened, every);
  return (
    <Card
      title="Vintages"
      figure="vintages"
      view={view}
      sheet={sheet(all, every)}
      instead={drawn.length ? null : NOT_THERE}
      meaning={`Of the loans opened in one ${every.toLowerCase()} of the window, the share that was ever more than ${view.over} days past due, by months since opening; as far as every loan of them has come.`}
      tools={<Buttons label="Days over" options={OVER} value={view.over} choose={(over) => change({ over })} />}
    >
      {drawn.length > 1 && (
        <p className="scale">
          {named(drawn[0]!)} <span className="ramp" aria-hidden="true" /> {named(drawn.at(-1)!)}
        </p>
      )}
      <Lines
        label={`Vintage curves, ${drawn.length === 1 ? "one cohort" : `${drawn.length} cohorts`}.`}
        title="Months on book"
        names={Array.from({ length: longest }, (_, month) => String(month))}
        nameWidth={30}
        top={top}
        height={260}
        lines={drawn.map((cohort, index) => ({
          name: cohort.opened,
          look: "vintage",
          color: tint(drawn.length > 1 ? index / (drawn.length - 1) : 1),
          values: Array.from({ length: longest }, (_, month) => cohort.curve[month]?.everRate ?? null),
        }))}
        say={(stop) => (
          <>
            <b>Month {stop}</b>
            {drawn
              .filter(({ curve }) => curve[stop])
              .map((cohort) => (
                <span key={cohort.opened}>
                  {named(cohort)} <b>{rate(cohort.curve[stop]!.everRate)}</b>
                </span>
              ))}
          </>
        )}
      />
      {drawn.length < all.length && (
        <p className="note">
          Without a curve yet: {all.filter((cohort) => !cohort.curve.length).map(named).join(", ")} (
          {count(all.filter((cohort) => !cohort.curve.length).reduce((sum, { loans }) => sum + loans, 0))} loans).
        </p>
      )}
    </Card>
  );
}

// From the oldest cohort's colour to the newest's.
const tint = (part: number): string => `color-mix(in oklab, var(--newest) ${Math.round(part * 100)}%, var(--oldest))`;

function sheet(all: Cohort[], every: "QUARTER" | "YEAR"): Sheet {
  return {
    every,
    columns: [
      { title: "Opened", name: "opened", kind: "period" },
      { title: "Loans opened", name: "loans", kind: "count" },
      { title: "Principal", name: "principal", kind: "money" },
      { title: "Month on book", name: "monthOnBook", kind: "count" },
      { title: "Loans reported", name: "loansReported", kind: "count" },
      { title: "Ever over", name: "everRate", kind: "rate" },
    ],
    rows: all.flatMap(({ opened, loans, principal, curve }) =>
      curve.map((point) => [opened, loans, principal, point.monthOnBook, point.loans, point.everRate]),
    ),
  };
}
