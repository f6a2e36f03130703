// The trend of the three rates: of everything, or a small chart for each group.

import type { ReactNode } from "react";
import type { Portfolio, Rates } from "./answer";
import { Card, Legend, NOTHING_THERE, TOO_SMALL } from "./card";
import { Lines } from "./charts/lines";
import { Buttons } from "./controls";
import type { Column, Sheet } from "./sheet";
import type { View } from "./view";
import { period, rate, spoken } from "./words";

const RATES = [
  { key: "over30Rate", name: "> 30 days", title: "Over 30 days", look: "rate30" },
  { key: "over60Rate", name: "> 60 days", title: "Over 60 days", look: "rate60" },
  { key: "over90Rate", name: "> 90 days", title: "Over 90 days", look: "rate90" },
] as const;
const COLUMNS: Column[] = [
  { title: "Period", name: "period", kind: "period" },
  { title: "Group", name: "key", kind: "text" },
  { title: "Loans", name: "loans", kind: "count" },
  { title: "Borrowers", name: "borrowers", kind: "count" },
  { title: "Balance", name: "balance", kind: "money" },
  ...RATES.map(({ key, title }): Column => ({ title, name: key, kind: "rate" })),
];
const GROUPS = [
  ["", "Everything"],
  ["INSTITUTION_KIND", "Kinds"],
  ["PRODUCT", "Products"],
] as const;

interface Props {
  portfolio: Portfolio;
  view: View;
  change: (part: Partial<View>) => void;
}

export function Trend({ portfolio, view, change }: Props): ReactNode {
  const series = portfolio.trend.filter(({ points }) => points.length);
  const seen = series.flatMap(({ points }) => points);
  // Every chart has the periods and the height of all, so that they can be compared.
  const periods = [...new Set(seen.map(({ period }) => period))].sort();
  const published = series.filter(({ points }) => points.some(({ suppressed }) => !suppressed));
  const hidden = series.filter((one) => !published.includes(one));
  const grouped = view.by !== "";
  const top = Math.max(0, ...seen.map((point) => point.over30Rate ?? 0));
  let instead = null;
  if (!seen.length) instead = NOTHING_THERE;
  else if (!published.length) instead = TOO_SMALL;
  return (
    <Card
      title="Delinquency rates"
      figure="trend"
      wide
      view={view}
      sheet={sheet(series, view)}
      instead={instead}
      meaning="Balance of the loans more than 30, 60 and 90 days past due, over the balance of all reported loans that owe anything; at the last month of each period."
      tools={<Buttons label="By" options={GROUPS} value={view.by} choose={(by) => change({ by })} />}
    >
      {grouped && <Legend items={RATES.map(({ title, look }) => ({ name: title, look }))} />}
      <div className={grouped ? "small" : undefined}>
        {published.map(({ key, points }) => (
          <div key={key ?? ""} data-group={key ?? ""}>
            {key && <h3>{spoken(key)}</h3>}
            <Lines
              label={label(key, points, view)}
              names={periods.map((name) => period(name, view.every))}
              top={top}
              height={grouped ? 150 : 280}
              named={!grouped}
              lines={RATES.map(({ key, name, look }) => ({ name, look, values: aligned(points, periods, key) }))}
              say={(stop) => <Said points={points} at={periods[stop]!} view={view} />}
            />
          </div>
        ))}
      </div>
      {hidden.length > 0 && (
        <p className="note">
          Not published, for too few borrowers or institutions: {hidden.map(({ key }) => spoken(key ?? "")).join(", ")}.
        </p>
      )}
      <Gaps points={published.flatMap(({ points }) => points)} />
    </Card>
  );
}

export function Gaps({ points }: { points: { suppressed: boolean }[] }): ReactNode {
  const gaps = points.filter(({ suppressed }) => suppressed).length;
  return gaps > 0 && <p className="note">Gaps in the lines: {gaps} periods not published, for too few borrowers or institutions.</p>;
}

function Said({ points, at, view }: { points: Rates[]; at: string; view: View }): ReactNode {
  const point = points.find(({ period }) => period === at);
  return (
    <>
      <b>{period(at, view.every)}</b>
      {!point && " nothing reported"}
      {point?.suppressed && " not published"}
      {point &&
        !point.suppressed &&
        RATES.map(({ key, name, look }) => (
          <span key={key} className={look}>
            {name} <b>{rate(point[key])}</b>
          </span>
        ))}
    </>
  );
}

function aligned(points: Rates[], periods: string[], key: (typeof RATES)[number]["key"]): (number | null)[] {
  const values = new Map(points.map((point) => [point.period, point[key]]));
  return periods.map((period) => values.get(period) ?? null);
}

function label(key: string | null, points: Rates[], view: View): string {
  const told = points.filter(({ suppressed }) => !suppressed);
  const [first, last] = [told[0], told.at(-1)];
  const name = key ? `Delinquency rates, ${spoken(key)}.` : "Delinquency rates.";
  if (!first || !last) return name;
  return `${name} Over 30 days from ${rate(first.over30Rate)} in ${period(first.period, view.every)} to ${rate(last.over30Rate)} in ${period(last.period, view.every)}.`;
}

function sheet(series: Portfolio["trend"], view: View): Sheet {
  const columns = COLUMNS.filter(({ name }) => view.by || name !== "key");
  const rows = series.flatMap(({ key, points }) =>
    points.map((point) => columns.map(({ name }) => (name === "key" ? key : (point[name as keyof Rates] as number | null)))),
  );
  return { columns, rows, every: view.every };
}
