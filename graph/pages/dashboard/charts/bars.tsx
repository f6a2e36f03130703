// Two measures side by side, a row for each group.

import { scaleLinear } from "d3-scale";
import type { ReactNode } from "react";
import { rate } from "../words";
import { useWidth } from "./frame";

export interface Row {
  name: string;
  values: [number | null, number | null];
}

const HEIGHT = 26;

export function Bars({ label, titles, rows }: { label: string; titles: [string, string]; rows: Row[] }): ReactNode {
  const [place, width] = useWidth();
  const left = 34;
  const half = (width - left - 12) / 2;
  const height = rows.length * HEIGHT + 26;
  return (
    <div className="chart" ref={place}>
      {width > 0 && (
        <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
          {titles.map((title, side) => {
            const start = left + side * (half + 12);
            const most = Math.max(0.0001, ...rows.map((row) => row.values[side as 0 | 1] ?? 0));
            // The number stands behind the longest bar too.
            const long = scaleLinear([0, most], [0, Math.max(10, half - 56)]);
            return (
              <g key={title} className={`bars side${side}`}>
                <text x={start} y={14} className="title">
                  {title}
                </text>
                {rows.map((row, index) => {
                  const value = row.values[side as 0 | 1];
                  const y = 26 + index * HEIGHT;
                  return (
                    <g key={row.name}>
                      {value !== null && <rect x={start} y={y} height={HEIGHT - 8} width={long(value)} rx={2} />}
                      <text x={start + long(value ?? 0) + 6} y={y + (HEIGHT - 8) / 2} dy="0.34em">
                        {rate(value)}
                      </text>
                    </g>
                  );
                })}
              </g>
            );
          })}
          <g className="bars names">
            {rows.map((row, index) => (
              <text key={row.name} x={left - 8} y={26 + index * HEIGHT + 9} dy="0.34em" textAnchor="end">
                {row.name}
              </text>
            ))}
          </g>
        </svg>
      )}
    </div>
  );
}
