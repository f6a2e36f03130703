// The overdue part of the balance, by how long it is overdue.

import type { ReactNode } from "react";
import { type BucketPoint, BUCKETS, type Portfolio } from "./answer";
import { Card, Legend, NOTHING_THERE, TOO_SMALL } from "./card";
import { Areas } from "./charts/areas";
import type { Sheet } from "./sheet";
import { Gaps } from "./trend";
import type { View } from "./view";
import { DAYS, period, rate } from "./words";

// What is not overdue would leave the rest no room; the table has it.
const OVERDUE = BUCKETS.slice(1);

export function BucketsCard({ portfolio, view }: { portfolio: Portfolio; view: View }): ReactNode {
  const points = portfolio.buckets[0]?.points ?? [];
  const told = points.filter(({ suppressed }) => !suppressed);
  let instead = null;
  if (!points.length) instead = NOTHING_THERE;
  else if (!told.length) instead = TOO_SMALL;
  const names = points.map((point) => period(point.period, view.every));
  return (
    <Card
      title="How long overdue"
      figure="buckets"
      view={view}
      sheet={sheet(points, view)}
      instead={instead}
      meaning="Share of the balance by days past due; the rest of the balance is not overdue."
    >
      <Legend items={OVERDUE.map((bucket) => ({ name: `${bucket} ${DAYS[bucket]}`, look: bucket }))} />
      <Areas
        label={`Share of the balance overdue, by days past due, ${names[0]} to ${names.at(-1)}.`}
        names={names}
        shares={points.map((point) => (point.suppressed ? null : OVERDUE.map((bucket) => share(point, bucket) ?? 0)))}
        looks={OVERDUE}
        height={260}
        say={(stop) => (
          <>
            <b>{names[stop]}</b>
            {points[stop]?.suppressed && " not published"}
            {!points[stop]?.suppressed &&
              OVERDUE.map((bucket) => (
                <span key={bucket}>
                  {bucket} <b>{rate(share(points[stop]!, bucket))}</b>
                </span>
              ))}
          </>
        )}
      />
      <Gaps points={points} />
    </Card>
  );
}

const share = (point: BucketPoint, bucket: string): number | null =>
  point.buckets.find((one) => one.bucket === bucket)?.share ?? null;

function sheet(points: BucketPoint[], view: View): Sheet {
  return {
    every: view.every,
    columns: [
      { title: "Period", name: "period", kind: "period" },
      ...BUCKETS.map((bucket) => ({ title: `${bucket}: ${DAYS[bucket]} days`, name: bucket, kind: "rate" as const })),
    ],
    rows: points.map((point) => [point.period, ...BUCKETS.map((bucket) => share(point, bucket))]),
  };
}
