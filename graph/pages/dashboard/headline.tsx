// The rates of the window's last month, and what changed since the month and the year before.

import type { ReactNode } from "react";
import type { Portfolio, Rates } from "./answer";
import { TOO_SMALL, NOTHING_THERE } from "./card";
import { inGraphiQL, one } from "./documents";
import type { View } from "./view";
import { change, count, day, largeMoney, month, rate } from "./words";

const RATES = [
  ["over30Rate", "Over 30 days", "rate30"],
  ["over60Rate", "Over 60 days", "rate60"],
  ["over90Rate", "Over 90 days", "rate90"],
] as const;

export function Headline({ portfolio, view }: { portfolio: Portfolio; view: View }): ReactNode {
  const points = portfolio.headline[0]?.points ?? [];
  const now = points.at(-1);
  return (
    <section className="headline" aria-label="Headline" data-figure="headline">
      {now ? <Month now={now} points={points} /> : <p className="instead">{NOTHING_THERE}</p>}
      <p className="links">
        <a href={inGraphiQL(one("headline", view))} target="_blank" rel="noopener">
          Open in GraphiQL<span className="hidden">: headline, in a new tab</span>
        </a>
      </p>
    </section>
  );
}

function Month({ now, points }: { now: Rates; points: Rates[] }): ReactNode {
  if (now.suppressed) return <p className="instead">{`${month(now.period)}. ${TOO_SMALL}`}</p>;
  return (
    <>
      <p className="lead">
        <b>{month(now.period)}</b> · {count(now.loans)} loans · {count(now.borrowers)} borrowers · balance{" "}
        {largeMoney(now.balance)} · share of it that is overdue:
      </p>
      <ul className="tiles">
        {RATES.map(([key, name, look]) => (
          <li key={key} className={look}>
            <span className="name">{name}</span>
            <strong data-rate={key}>{rate(now[key])}</strong>
            <Since points={points} rate={key} back={1} name="on the month before" />
            <Since points={points} rate={key} back={12} name="on the year before" />
          </li>
        ))}
      </ul>
    </>
  );
}

interface Past {
  points: Rates[];
  rate: (typeof RATES)[number][0];
  back: number;
  name: string;
}

function Since({ points, rate: key, back, name }: Past): ReactNode {
  const now = points.at(-1)!;
  const start = day(now.period);
  const then = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() - back, 1)).toISOString().slice(0, 10);
  const [was, is] = [points.find(({ period }) => period === then)?.[key] ?? null, now[key]];
  if (was === null || is === null) return <span className="since">not known {name}</span>;
  const { text, sign } = change(is, was);
  return (
    <span className={`since ${["better", "same", "worse"][sign + 1]}`} data-since={back}>
      <span aria-hidden="true">{["▼", "=", "▲"][sign + 1]}</span> {text} <abbr title="percentage points">pp</abbr> {name}
    </span>
  );
}
