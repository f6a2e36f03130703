// What charts share: as wide as their place, axes, and a cursor that pointer and arrow keys move.

import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useRef, useState } from "react";

export interface Size {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

// Text in a chart keeps its size, so a chart is drawn for the width that it has.
export function useWidth(): [React.RefObject<HTMLDivElement | null>, number] {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => entry && setWidth(Math.floor(entry.contentRect.width)));
    watch.observe(place.current!);
    return () => watch.disconnect();
  }, []);
  return [place, width];
}

interface Tick {
  at: number;
  text: string;
}

export function Axes({ size, x, y, title }: { size: Size; x: Tick[]; y: Tick[]; title?: string }): ReactNode {
  const { width, height, left, right, top, bottom } = size;
  return (
    <g className="axes" aria-hidden="true">
      {y.map(({ at, text }) => (
        <g key={at}>
          <line x1={left} x2={width - right} y1={at} y2={at} />
          <text x={left - 6} y={at} dy="0.32em" textAnchor="end">
            {text}
          </text>
        </g>
      ))}
      {x.map(({ at, text }) => (
        <text key={at} x={at} y={height - bottom + 16} textAnchor="middle">
          {text}
        </text>
      ))}
      {title && (
        <text x={(left + width - right) / 2} y={height - 2} textAnchor="middle">
          {title}
        </text>
      )}
      <line className="ground" x1={left} x2={width - right} y1={height - bottom} y2={height - bottom} />
      <line x1={left} x2={left} y1={top} y2={top} />
    </g>
  );
}

// Of many names along an axis as many as fit, the last one always among them.
export function thinned<T>(all: readonly T[], room: number, each: number): T[] {
  const step = Math.max(1, Math.ceil((all.length * each) / Math.max(room, each)));
  return all.filter((_, index) => (all.length - 1 - index) % step === 0);
}

interface Props {
  label: string;
  height: number;
  // The places that the cursor stops at, from left to right, in the size that the chart is drawn for.
  stops: (size: Size) => number[];
  // What the cursor says at a stop; at the last one while it is nowhere.
  say: (stop: number) => ReactNode;
  margin?: Partial<Size>;
  children: (size: Size, stop: number | null) => ReactNode;
}

export function Chart({ label, height, stops, say, margin, children }: Props): ReactNode {
  const [place, width] = useWidth();
  const [stop, setStop] = useState<number | null>(null);
  const size: Size = { width, height, left: 46, right: 12, top: 10, bottom: 24, ...margin };
  const places = width ? stops(size) : [];
  const here = stop === null ? null : Math.min(stop, places.length - 1);

  const move = (event: PointerEvent<SVGSVGElement>) => {
    const at = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const distances = places.map((x) => Math.abs(x - at));
    if (distances.length) setStop(distances.indexOf(Math.min(...distances)));
  };
  const press = (event: KeyboardEvent) => {
    const last = places.length - 1;
    const from = here ?? last + (event.key === "ArrowLeft" ? 1 : 0);
    const to = { ArrowLeft: from - 1, ArrowRight: from + 1, Home: 0, End: last }[event.key];
    if (event.key === "Escape") setStop(null);
    if (to === undefined || last < 0) return;
    event.preventDefault();
    setStop(Math.max(0, Math.min(last, to)));
  };

  return (
    <div className="chart" ref={place}>
      {width > 0 && (
        <svg
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-label={`${label} Arrow keys read it value by value.`}
          tabIndex={0}
          onPointerMove={move}
          onPointerLeave={() => setStop(null)}
          onBlur={() => setStop(null)}
          onKeyDown={press}
        >
          {children(size, here)}
          {here !== null && places[here] !== undefined && (
            <line className="cursor" x1={places[here]} x2={places[here]} y1={size.top} y2={height - size.bottom} />
          )}
        </svg>
      )}
      <output className="readout" aria-live="polite">
        {places.length > 0 && say(here ?? places.length - 1)}
      </output>
    </div>
  );
}
