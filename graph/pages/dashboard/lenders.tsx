// How many borrowers owe how many lenders at once, and how many of them are late.

import type { ReactNode } from "react";
import type { Portfolio } from "./answer";
import { Card, NOT_THERE } from "./card";
import { Bars } from "./charts/bars";
import type { View } from "./view";
import { period } from "./words";

// More rows than these hold few borrowers each, and make the card a long one.
const MOST = 12;

export function LendersCard({ portfolio, view }: { portfolio: Portfolio; view: View }): ReactNode {
  const all = portfolio.lendersPerBorrower;
  const newest = all.at(-1)?.period;
  const rows = all.filter((row) => row.period === newest);
  const drawn = rows.slice(0, MOST);
  const more = rows.slice(MOST);
  const when = newest ? `at the end of ${period(newest, view.every)}` : "at the end of the window";
  return (
    <Card
      title="Lenders per borrower"
      figure="lenders"
      view={view}
      sheet={{
        every: view.every,
        columns: [
          { title: "Period", name: "period", kind: "period" },
          { title: "Lenders", name: "lenders", kind: "count" },
          { title: "Borrowers", name: "borrowers", kind: "count" },
          { title: "Share", name: "share", kind: "rate" },
          { title: "Over 30 days", name: "over30Rate", kind: "rate" },
        ],
        rows: all.map(({ period, lenders, borrowers, share, over30Rate }) => [period, lenders, borrowers, share, over30Rate]),
      }}
      instead={rows.length ? null : NOT_THERE}
      meaning={`Borrowers by the number of lenders that they have a loan with ${when}, and the share of them with any loan more than 30 days past due in that month.`}
    >
      <Bars
        label={`Lenders per borrower ${when}: ${rows.length} groups.`}
        titles={["Share of borrowers", "Over 30 days"]}
        rows={drawn.map((row) => ({ name: String(row.lenders), values: [row.share, row.over30Rate] }))}
      />
      {more.length > 0 && (
        <p className="note">
          The table has {more.length} more, up to {more.at(-1)!.lenders} lenders.
        </p>
      )}
    </Card>
  );
}
