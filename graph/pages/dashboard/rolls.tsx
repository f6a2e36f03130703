// How loans move between buckets from one month to the next.

import type { ReactNode } from "react";
import { BUCKETS, type Portfolio, type Roll } from "./answer";
import { Card, NOT_THERE } from "./card";
import { Heat } from "./charts/heat";
import type { Sheet } from "./sheet";
import type { View } from "./view";
import { DAYS } from "./words";

export function Rolls({ portfolio, view }: { portfolio: Portfolio; view: View }): ReactNode {
  const rolls = portfolio.rollRates;
  const cells = new Map(rolls.map((roll) => [`${roll.from}${roll.to}`, roll.share]));
  const to = [...BUCKETS, null];
  return (
    <Card
      title="Roll rates"
      figure="rolls"
      view={view}
      sheet={sheet(rolls)}
      instead={rolls.length ? null : NOT_THERE}
      meaning="Of the loans in a bucket in one month, the share in each bucket a month later, in per cent; over all pairs of months of the window. M0 is on time; – is not reported any more."
    >
      <Heat
        label="Roll rates in per cent: from the bucket of the row to the bucket of the column."
        corner="from"
        columns={to.map((bucket) => bucket ?? "–")}
        rows={BUCKETS.filter((bucket) => rolls.some(({ from }) => from === bucket)).map((from) => ({
          name: from,
          title: `${DAYS[from]} days past due`,
          cells: to.map((bucket) => cells.get(`${from}${bucket}`) ?? null),
        }))}
      />
    </Card>
  );
}

function sheet(rolls: Roll[]): Sheet {
  return {
    every: "MONTH",
    columns: [
      { title: "From", name: "from", kind: "text" },
      { title: "To", name: "to", kind: "text" },
      { title: "Loans", name: "loans", kind: "count" },
      { title: "Share", name: "share", kind: "rate" },
    ],
    rows: rolls.map(({ from, to, loans, share }) => [from, to, loans, share]),
  };
}
