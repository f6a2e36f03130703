// The rates of the window's last month, and what changed since the month and the year before.

import type { ReactNode } from "react";
import type { Portfolio, Rates } from "./answer";
import { TOO_SMALL, NOTHING_THERE } from "./card";
import { inGraphiQL, one } from "./documents";
import { BACK, Changed, type Rate, RATES, since, verdict } from "./since";
import type { View } from "./view";
import { count, largeMoney, month, rate } from "./words";

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
        {RATES.map(({ key, title, look }) => (
          <li key={key} className={look}>
            <span className="name">{title}</span>
            <strong data-rate={key}>{rate(now[key])}</strong>
            {BACK.MONTH.map((past) => (
              <Since key={past.months} points={points} rate={key} {...past} />
            ))}
          </li>
        ))}
      </ul>
    </>
  );
}

interface Past {
  points: Rates[];
  rate: Rate;
  months: number;
  name: string;
}

function Since({ points, rate: key, months, name }: Past): ReactNode {
  const changed = since(points, key, months);
  if (!changed) return <span className="since">not known on {name}</span>;
  return (
    <span className={`since ${verdict(changed.sign)}`} data-since={months}>
      <Changed {...changed} /> on {name}
    </span>
  );
}
