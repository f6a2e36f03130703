// The table behind a chart: shown as a table, and written as CSV.

import { type Every, count, money, NOTHING, period, rate, spoken } from "./words";

export type Cell = string | number | null;
export interface Column {
  title: string;
  // The column's name in CSV: what the API calls it.
  name: string;
  kind: "period" | "rate" | "count" | "money" | "text" | "group";
}
export interface Sheet {
  columns: Column[];
  rows: Cell[][];
  every: Every;
}

export function shown(cell: Cell, kind: Column["kind"], every: Every): string {
  if (cell === null) return NOTHING;
  if (typeof cell === "string") return kind === "period" ? period(cell, every) : kind === "group" ? spoken(cell) : cell;
  return { rate, count, money, period: String, text: String, group: String }[kind](cell);
}

// RFC 4180, with the API's own exact values: shares from 0 to 1, amounts in minor units, empty where nothing is told.
export function csv({ columns, rows }: Sheet): string {
  const lines = [columns.map((column) => column.name), ...rows];
  return lines.map((line) => `${line.map(quoted).join(",")}\r\n`).join("");
}

function quoted(cell: Cell): string {
  let text = String(cell ?? "");
  // A name that a spreadsheet would take for a formula.
  if (typeof cell === "string" && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `${name}.csv`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
