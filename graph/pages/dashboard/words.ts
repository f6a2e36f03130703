// Numbers, months and names as the reader's locale writes them.

const locale = navigator.languages.length ? [...navigator.languages] : undefined;
const percent = new Intl.NumberFormat(locale, { style: "percent", minimumFractionDigits: 2, maximumFractionDigits: 2 });
const short = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
const points = new Intl.NumberFormat(locale, {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
  signDisplay: "exceptZero",
});
const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const amounts = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const large = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
const months = new Intl.DateTimeFormat(locale, { year: "numeric", month: "short", timeZone: "UTC" });
const longMonths = new Intl.DateTimeFormat(locale, { year: "numeric", month: "long", timeZone: "UTC" });
// A year alone: some locales write a word with it, which fits no quarter.
const numerals = new Intl.NumberFormat(locale, { useGrouping: false });
const years = new Intl.DateTimeFormat(locale, { year: "numeric", timeZone: "UTC" });

export const NOTHING = "–";
export type Every = "MONTH" | "QUARTER" | "YEAR";

export const rate = (share: number | null): string => (share === null ? NOTHING : percent.format(share));
export const shortRate = (share: number): string => short.format(share);
export const count = (number: number | null): string => (number === null ? NOTHING : whole.format(number));
// Amounts come as whole minor units.
export const money = (minor: number | null): string => (minor === null ? NOTHING : amounts.format(minor / 100));
export const largeMoney = (minor: number | null): string => (minor === null ? NOTHING : large.format(minor / 100));

// What is written as no change is none: minus a hair would read as a fall by 0.00.
export function change(now: number, before: number): { text: string; sign: number } {
  const hundredths = Math.round((now - before) * 10_000);
  return { text: points.format((hundredths || 0) / 100), sign: Math.sign(hundredths) };
}

export const day = (text: string): Date => new Date(`${text.length === 7 ? `${text}-01` : text}T00:00:00Z`);
export const month = (text: string): string => longMonths.format(day(text));

export function period(text: string, every: Every): string {
  const start = day(text);
  if (every === "YEAR") return years.format(start);
  if (every === "QUARTER") return `Q${Math.floor(start.getUTCMonth() / 3) + 1} ${numerals.format(start.getUTCFullYear())}`;
  return months.format(start);
}

// CASH_LOAN as Cash loan: products are institutions' own words, and kinds read like them.
export function spoken(key: string): string {
  const words = key.toLowerCase().replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export const DAYS: Record<string, string> = {
  M0: "0",
  M1: "1–30",
  M2: "31–60",
  M3: "61–90",
  M4: "91–120",
  M5: "121–150",
  M6: "151–180",
  M7: "over 180",
};
