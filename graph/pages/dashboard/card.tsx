// A figure on the page: its title, what it means, its chart, and behind it its table, its CSV and its document.

import { type ReactNode, useId, useState } from "react";
import { type Figure, inGraphiQL, one } from "./documents";
import { csv, download, type Sheet, shown } from "./sheet";
import type { View } from "./view";

interface Props {
  title: string;
  figure: Figure;
  meaning: ReactNode;
  view: View;
  sheet: Sheet;
  // Said in the chart's place where there is no chart to draw.
  instead?: string | null;
  tools?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}

export const NOTHING_THERE = "Nothing is reported for this choice. Another window or a wider filter may hold something.";
export const TOO_SMALL =
  "Not published: too few borrowers or institutions stand behind this figure, or it would give away one that has too few. A wider filter may be published.";
export const NOT_THERE =
  "Nothing to show for this choice: nothing is reported, or too few borrowers or institutions stand behind it.";

export function Card({ title, figure, meaning, view, sheet, instead, tools, wide, children }: Props): ReactNode {
  const id = useId();
  const [open, setOpen] = useState(false);
  const empty = sheet.rows.length === 0;
  return (
    <section className={wide ? "card wide" : "card"} aria-labelledby={id} data-figure={figure}>
      <header>
        <h2 id={id}>{title}</h2>
        {tools}
      </header>
      <p className="meaning">{meaning}</p>
      {instead ? <p className="instead">{instead}</p> : children}
      <footer>
        <button type="button" aria-expanded={open} aria-controls={`${id}table`} disabled={empty} onClick={() => setOpen(!open)}>
          Table<span className="hidden">: {title}</span>
        </button>
        <button type="button" disabled={empty} onClick={() => download(`borrowgraph-${figure}`, csv(sheet))}>
          CSV<span className="hidden">: {title}</span>
        </button>
        <a href={inGraphiQL(one(figure, view))} target="_blank" rel="noopener">
          Open in GraphiQL<span className="hidden">: {title}, in a new tab</span>
        </a>
      </footer>
      <div id={`${id}table`} className="table" hidden={!open} role="region" aria-label={`Table: ${title}`} tabIndex={open ? 0 : -1}>
        {open && <Table sheet={sheet} title={title} />}
      </div>
    </section>
  );
}

function Table({ sheet: { columns, rows, every }, title }: { sheet: Sheet; title: string }): ReactNode {
  return (
    <table className="sheet">
      <caption className="hidden">{title}</caption>
      <thead>
        <tr>
          {columns.map(({ name, title, kind }) => (
            <th key={name} scope="col" className={kind}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={index}>
            {columns.map(({ name, kind }, place) => (
              <td key={name} className={kind}>
                {shown(row[place] ?? null, kind, every)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function Legend({ items }: { items: { name: string; look: string }[] }): ReactNode {
  return (
    <ul className="legend">
      {items.map(({ name, look }) => (
        <li key={look}>
          <svg width="22" height="10" aria-hidden="true" className={look}>
            {look.startsWith("rate") ? <path d="M0 5H22" className="stroke" /> : <rect width="22" height="10" rx="2" />}
          </svg>
          {name}
        </li>
      ))}
    </ul>
  );
}
