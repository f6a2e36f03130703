// The trend of the three rates: of everything, or a small chart for each group.

import type { ReactNode } from "react";
import type { Portfolio, Rates } from "./answer";
import { Card, Legend, NOTHING_THERE, TOO_SMALL } from "./card";
import { Lines } from "./charts/lines";
import { Buttons } from "./controls";
import type { Column, Sheet } from "./sheet";
import { BACK, Changed, RATES, since, verdict } from "./since";
import type { View } from "./view";
import { NOTHING, period, rate, spoken } from "./words";

const COLUMNS: Column[] = [
  { title: "Period", name: "period", kind: "period" },
  { title: "Group", name: "key", kind: "group" },
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
            {grouped && <Changes points={points} view={view} />}
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

// A group's rates against the period before and the year before, as far as the window has them.
function Changes({ points, view }: { points: Rates[]; view: View }): ReactNode {
  const told = BACK[view.every].map((past) => ({ ...past, rates: RATES.map(({ key }) => since(points, key, past.months)) }));
  const known = told.filter(({ rates }) => rates.some((one) => one !== null));
  if (!known.length) return null;
  return (
    <table className="changes">
      <caption className="hidden">What changed, in percentage points</caption>
      <thead className="hidden">
        <tr>
          <th scope="col">Against</th>
          {RATES.map(({ key, title }) => (
            <th key={key} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {known.map(({ months, name, rates }) => (
          <tr key={months} data-since={months}>
            <th scope="row">On {name}</th>
            {rates.map((changed, place) => (
              <td key={RATES[place]!.key} className={changed ? verdict(changed.sign) : undefined}>
                {changed ? <Changed {...changed} /> : NOTHING}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
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
