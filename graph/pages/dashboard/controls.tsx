// What the reader chooses with: the window, its periods, and whose loans count.

import { type ReactNode, useId } from "react";
import type { Choices } from "./answer";
import { FIRST, type Span, type View } from "./view";
import { day, month, spoken } from "./words";

type Change = (part: Partial<View>) => void;
const LENGTHS = [
  ["P12M", "Last 12 months"],
  ["P24M", "Last 24 months"],
  ["P36M", "Last 3 years"],
  ["P60M", "Last 5 years"],
  ["P120M", "Last 10 years"],
] as const;
const PERIODS = [
  ["MONTH", "Month"],
  ["QUARTER", "Quarter"],
  ["YEAR", "Year"],
] as const;

export function Controls({ view, change, choices }: { view: View; change: Change; choices: Choices | null }): ReactNode {
  const kinds = choices?.market.kinds.map(({ key }) => key) ?? [];
  const products = choices?.market.products.map(({ key }) => key) ?? [];
  return (
    <form className="controls" aria-label="What the figures count" onSubmit={(event) => event.preventDefault()}>
      <Windows view={view} change={change} choices={choices} />
      <Buttons label="Period" options={PERIODS} value={view.every} choose={(every) => change({ every })} />
      <Select label="Kind of institution" value={view.kind} choose={(kind) => change({ kind })}>
        {names("All kinds", kinds, view.kind)}
      </Select>
      <Select label="Product" value={view.product} choose={(product) => change({ product })}>
        {names("All products", products, view.product)}
      </Select>
    </form>
  );
}

function Windows({ view, change, choices }: { view: View; change: Change; choices: Choices | null }): ReactNode {
  const { firstMonth, lastMonth } = choices?.coverage ?? {};
  const known = firstMonth && lastMonth ? monthsOf(firstMonth, lastMonth) : [];
  const { last, from, to } = view.window;
  const own = !last || Boolean(to) || !LENGTHS.some(([length]) => length === last);
  const first = from?.slice(0, 7) ?? known[Math.max(0, known.length - 12)] ?? "";
  const final = to ? before(to) : (known.at(-1) ?? "");
  const span = (start: string, end: string): Span => (start <= end ? { from: `${start}-01`, to: after(end) } : { from: `${end}-01`, to: after(start) });
  const choose = (value: string) => change({ window: value === "own" ? span(first, final) : { last: value } });
  return (
    <>
      <Select label="Window" value={own ? "own" : last!} choose={choose}>
        {LENGTHS.map(([length, name]) => (
          <option key={length} value={length}>
            {name}
          </option>
        ))}
        <option value="own" disabled={!known.length}>
          From … to …
        </option>
      </Select>
      {own && known.length > 0 && (
        <>
          <Select label="From" value={first} choose={(value) => change({ window: span(value, final) })}>
            {monthNames(known, first)}
          </Select>
          <Select label="To" value={final} choose={(value) => change({ window: span(first, value) })}>
            {monthNames(known, final)}
          </Select>
        </>
      )}
    </>
  );
}

export function Buttons<T extends string | number>(props: {
  label: string;
  options: readonly (readonly [T, string])[];
  value: T;
  choose: (value: T) => void;
}): ReactNode {
  const id = useId();
  return (
    <fieldset className="buttons">
      <legend>{props.label}</legend>
      <div>
        {props.options.map(([value, name]) => (
          <label key={value}>
            <input type="radio" name={id} checked={props.value === value} onChange={() => props.choose(value)} />
            <span>{name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface Select {
  label: string;
  value: string;
  choose: (value: string) => void;
  children: ReactNode;
}

function Select({ label, value, choose, children }: Select): ReactNode {
  return (
    <label className="select">
      <span>{label}</span>
      <select value={value} onChange={(event) => choose(event.target.value)}>
        {children}
      </select>
    </label>
  );
}

// What the address names is offered too where the market does not have it, so that the picker shows what is asked.
function names(all: string, keys: string[], chosen: string): ReactNode {
  const offered = chosen && !keys.includes(chosen) ? [...keys, chosen] : keys;
  return ["", ...offered].map((key) => (
    <option key={key} value={key}>
      {key ? spoken(key) : all}
    </option>
  ));
}

function monthNames(known: string[], chosen: string): ReactNode {
  return [...new Set([chosen, ...known])].sort().map((name) => (
    <option key={name} value={name}>
      {Number.isNaN(day(name).valueOf()) ? name : month(name)}
    </option>
  ));
}

function monthsOf(first: string, last: string): string[] {
  const found = [];
  for (let month = first; month <= last; month = after(month).slice(0, 7)) found.push(month);
  return found;
}

const after = (month: string): string => moved(month, 1);
// A window ends before its `to`, so the month that the picker shows is that of the day before.
function before(to: string): string {
  const end = day(to);
  return Number.isNaN(end.valueOf()) ? to : new Date(end.valueOf() - 86_400_000).toISOString().slice(0, 7);
}

function moved(month: string, by: number): string {
  const start = day(month);
  return new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + by, 1)).toISOString().slice(0, 10);
}

export const restart = (change: Change): void => change(FIRST);
