// A table whose cells are darker the greater their share; it is its own text.

import type { ReactNode } from "react";
import { NOTHING } from "../words";

interface Props {
  label: string;
  corner: string;
  columns: string[];
  rows: { name: string; title: string; cells: (number | null)[] }[];
}

const whole = new Intl.NumberFormat(navigator.languages.length ? [...navigator.languages] : undefined, {
  maximumFractionDigits: 1,
});

export function Heat({ label, corner, columns, rows }: Props): ReactNode {
  return (
    <table className="heat">
      <caption className="hidden">{label}</caption>
      <thead>
        <tr>
          <th scope="col">{corner}</th>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, title, cells }) => (
          <tr key={name}>
            <th scope="row" title={title}>
              {name}
            </th>
            {cells.map((share, index) => (
              <td
                key={columns[index]}
                className={share !== null && share >= 0.5 ? "most" : undefined}
                // The square root lets small shares show beside those near 1.
                style={{ "--share": `${Math.round(Math.sqrt(share ?? 0) * 100)}%` } as React.CSSProperties}
              >
                {share === null ? <span className="none">{NOTHING}</span> : number(share * 100)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const number = (value: number): string => whole.format(value >= 10 ? Math.round(value) : value);
