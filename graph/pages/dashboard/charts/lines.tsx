// Lines over an axis of periods or numbers; a line breaks where nothing is told.

import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { type ReactNode, useId } from "react";
import { shortRate } from "../words";
import { Axes, Chart, type Size, thinned } from "./frame";

export interface Line {
  name: string;
  // Names the line's looks in page.css.
  look: string;
  color?: string;
  values: (number | null)[];
}

interface Props {
  label: string;
  lines: Line[];
  // What each place of the axis is called.
  names: string[];
  // The highest share that the axis must reach, so that charts side by side can be compared.
  top: number;
  height: number;
  say: (stop: number) => ReactNode;
  title?: string;
  nameWidth?: number;
  // The names of the lines at their ends, where there are few.
  named?: boolean;
}

export function Lines({ label, lines, names, top, height, say, title, nameWidth = 64, named }: Props): ReactNode {
  const id = useId();
  const margin = { right: named ? 64 : 20, bottom: title ? 40 : 24 };
  const across = (size: Size) =>
    scaleLinear([0, Math.max(1, names.length - 1)], [size.left + 4, size.width - size.right - 4]);
  return (
    <Chart
      label={label}
      height={height}
      margin={margin}
      say={say}
      stops={(size) => names.map((_, index) => across(size)(index))}
    >
      {(size, stop) => {
        const x = across(size);
        const y = scaleLinear([0, top || 0.01], [height - size.bottom, size.top]).nice(4);
        const path = line<number | null>()
          .defined((value) => value !== null)
          .x((_, index) => x(index))
          .y((value) => y(value ?? 0));
        const room = size.width - size.left - size.right;
        const ticks = thinned(names.map((text, index) => ({ at: x(index), text })), room, nameWidth);
        return (
          <>
            <Axes
              size={size}
              {...(title && { title })}
              x={ticks}
              y={y.ticks(4).map((share) => ({ at: y(share), text: shortRate(share) }))}
            />
            {lines.map(({ name, look, color, values }) => (
              <g key={name} className={`line ${look}`} style={color ? { color } : undefined}>
                <path d={path(values) ?? ""} />
                {values.map((value, index) =>
                  value !== null && (index === stop || alone(values, index)) ? (
                    <circle key={`${id}${index}`} cx={x(index)} cy={y(value)} r={index === stop ? 4 : 2.5} />
                  ) : null,
                )}
              </g>
            ))}
            {named && <Ends lines={lines} y={y} x={x(names.length - 1) + 8} low={height - size.bottom} />}
          </>
        );
      }}
    </Chart>
  );
}

// A value between two gaps has no line to be seen on.
function alone(values: (number | null)[], index: number): boolean {
  return (values[index - 1] ?? null) === null && (values[index + 1] ?? null) === null;
}

// The lines' names beside their last values, kept apart from each other.
function Ends({ lines, y, x, low }: { lines: Line[]; y: (value: number) => number; x: number; low: number }): ReactNode {
  const ends = lines
    .map(({ name, look, values }) => ({ name, look, value: values.at(-1) ?? null }))
    .filter((end) => end.value !== null)
    .sort((one, other) => one.value! - other.value!);
  let below = low + 12;
  return ends.map(({ name, look, value }) => {
    below = Math.min(y(value!), below - 14);
    return (
      <text key={name} className={`end ${look}`} x={x} y={below} dy="0.32em" aria-hidden="true">
        {name}
      </text>
    );
  });
}
