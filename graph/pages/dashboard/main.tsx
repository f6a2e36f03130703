// The dashboard: what the market owes and how late it is, from one document to the API for whatever the reader chooses.

import "./page.css";
import { type ReactNode, StrictMode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { askChoices, type Choices, type Trouble, useAnswer } from "./answer";
import { BucketsCard } from "./buckets";
import { Controls, restart } from "./controls";
import { inGraphiQL, page } from "./documents";
import { Headline } from "./headline";
import { LendersCard } from "./lenders";
import { Rolls } from "./rolls";
import { apply, Themes } from "./theme";
import { Trend } from "./trend";
import { useView, type View } from "./view";
import { Vintages } from "./vintages";
import { month } from "./words";

type Change = (part: Partial<View>) => void;

function Dashboard(): ReactNode {
  const [view, change] = useView();
  const { answer, trouble, waiting, again } = useAnswer(view);
  const choices = useChoices(answer, trouble);
  const { firstMonth, lastMonth } = choices?.coverage ?? {};
  return (
    <>
      <header className="top">
        <div>
          <h1>Delinquency of the industry</h1>
          <p>{firstMonth && lastMonth ? `Reported from ${month(firstMonth)} to ${month(lastMonth)}` : "\u00a0"}</p>
        </div>
        <nav aria-label="Page">
          <a href={inGraphiQL(page(view))} target="_blank" rel="noopener">
            Open in GraphiQL<span className="hidden">: the whole page, in a new tab</span>
          </a>
          <a href="/sign-in">Account</a>
          <Themes />
        </nav>
      </header>
      <Controls view={view} change={change} choices={choices} />
      <div className="progress" role="status">
        {waiting && <progress aria-label="Loading the figures" />}
      </div>
      {trouble && <Alert trouble={trouble} again={again} change={change} />}
      {answer && !trouble && (
        <main aria-busy={waiting} className={waiting ? "old" : undefined}>
          <Headline portfolio={answer.portfolio} view={view} />
          <Trend portfolio={answer.portfolio} view={view} change={change} />
          <BucketsCard portfolio={answer.portfolio} view={view} />
          <Vintages portfolio={answer.portfolio} view={view} change={change} />
          <Rolls portfolio={answer.portfolio} view={view} />
          <LendersCard portfolio={answer.portfolio} view={view} />
        </main>
      )}
      {!answer && !trouble && <main className="waiting">Loading the figures …</main>}
    </>
  );
}

function Alert({ trouble, again, change }: { trouble: Trouble; again: () => void; change: Change }): ReactNode {
  if (trouble.code === "HORIZON_UNKNOWN") {
    return (
      <main className="alert" role="alert">
        <h2>Nothing is reported yet</h2>
        <p>
          The figures appear here with the first delivery: <code>borrowgraph load</code>, or <code>borrowgraph demo --load</code>.
        </p>
        <button type="button" onClick={again}>
          Look again
        </button>
      </main>
    );
  }
  return (
    <main className="alert" role="alert">
      <h2>The figures cannot be shown</h2>
      <p>{trouble.message}</p>
      <p>{trouble.todo}</p>
      <button type="button" onClick={again}>
        Try again
      </button>
      <button type="button" onClick={() => restart(change)}>
        Back to the last 24 months
      </button>
    </main>
  );
}

function useChoices(answer: Choices | null, trouble: Trouble | null): Choices | null {
  const [asked, setAsked] = useState<Choices | null>(null);
  const needed = !answer && trouble !== null && trouble.code !== "";
  useEffect(() => {
    if (!needed) return;
    const stop = new AbortController();
    // Without them the reader still has the buttons of the message.
    askChoices(stop.signal).then(setAsked, () => undefined);
    return () => stop.abort();
  }, [needed]);
  return answer ?? asked;
}

apply();
createRoot(document.getElementById("page")!).render(
  <StrictMode>
    <Dashboard />
  </StrictMode>,
);
