// Light, dark, or as the reader's system has it; the choice is the one thing that the page stores.

import { type ReactNode, useState } from "react";

const KEPT = "dashboard:theme";
const THEMES = [
  ["", "System"],
  ["light", "Light"],
  ["dark", "Dark"],
] as const;
type Theme = (typeof THEMES)[number][0];

const kept = (): Theme => THEMES.find(([theme]) => theme === localStorage.getItem(KEPT))?.[0] ?? "";

export function apply(theme = kept()): void {
  document.documentElement.dataset["theme"] = theme;
}

export function Themes(): ReactNode {
  const [theme, setTheme] = useState(kept);
  const choose = (value: string) => {
    const next = THEMES.find(([name]) => name === value)?.[0] ?? "";
    if (next) localStorage.setItem(KEPT, next);
    else localStorage.removeItem(KEPT);
    apply(next);
    setTheme(next);
  };
  return (
    <label className="select theme">
      <span>Theme</span>
      <select value={theme} onChange={(event) => choose(event.target.value)}>
        {THEMES.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
