// Shares stacked upon each other, period by period; a gap where nothing is told.

import { scaleLinear } from "d3-scale";
import { area } from "d3-shape";
import type { ReactNode } from "react";
import { shortRate } from "../words";
import { Axes, Chart, type Size, thinned } from "./frame";

interface Props {
  label: string;
  names: string[];
  // For each period its shares from the lowest layer up, null where nothing is told.
  shares: (number[] | null)[];
  looks: string[];
  height: number;
  say: (stop: number) => ReactNode;
}

interface Layer {
  from: number;
  to: number;
}

export function Areas({ label, names, shares, looks, height, say }: Props): ReactNode {
  const stacked = shares.map((row) => row && stack(row));
  const top = Math.max(0.001, ...stacked.map((row) => row?.at(-1)?.to ?? 0));
  const across = (size: Size) =>
    scaleLinear([0, Math.max(1, names.length - 1)], [size.left + 4, size.width - size.right - 4]);
  return (
    <Chart
      label={label}
      height={height}
      margin={{ right: 20 }}
      say={say}
      stops={(size) => names.map((_, index) => across(size)(index))}
    >
      {(size) => {
        const x = across(size);
        const y = scaleLinear([0, top], [height - size.bottom, size.top]).nice(4);
        const room = size.width - size.left - size.right;
        // One period alone is as wide as the chart, where an area between two points would have no width.
        const single = names.length === 1;
        const place = (index: number) => (single && index === 1 ? size.width - size.right - 4 : x(index));
        const rows = single ? [stacked[0] ?? null, stacked[0] ?? null] : stacked;
        return (
          <>
            <Axes
              size={size}
              x={thinned(names.map((text, index) => ({ at: x(index), text })), room, 64)}
              y={y.ticks(4).map((share) => ({ at: y(share), text: shortRate(share) }))}
            />
            {looks.map((look, layer) => (
              <path
                key={look}
                className={`area ${look}`}
                d={
                  area<Layer[] | null>()
                    .defined((row) => row !== null)
                    .x((_, index) => place(index))
                    .y0((row) => y(row?.[layer]?.from ?? 0))
                    .y1((row) => y(row?.[layer]?.to ?? 0))(rows) ?? ""
                }
              />
            ))}
          </>
        );
      }}
    </Chart>
  );
}

function stack(row: number[]): Layer[] {
  let height = 0;
  return row.map((share) => ({ from: height, to: (height += share) }));
}
