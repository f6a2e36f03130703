// The answer to the page's document, and what can go wrong on the way to it.

import { useCallback, useEffect, useState } from "react";
import { choices, page } from "./documents";
import type { View } from "./view";

export const BUCKETS = ["M0", "M1", "M2", "M3", "M4", "M5", "M6", "M7"] as const;
export type Bucket = (typeof BUCKETS)[number];

export interface Rates {
  period: string;
  suppressed: boolean;
  loans: number | null;
  borrowers: number | null;
  balance: number | null;
  over30Rate: number | null;
  over60Rate: number | null;
  over90Rate: number | null;
}
export interface BucketPoint {
  period: string;
  suppressed: boolean;
  buckets: { bucket: Bucket; loans: number; balance: number; share: number | null }[];
}
export interface Cohort {
  opened: string;
  loans: number;
  principal: number;
  curve: { monthOnBook: number; loans: number; everRate: number | null }[];
}
export interface Roll {
  from: Bucket;
  to: Bucket | null;
  loans: number;
  share: number | null;
}
export interface Lenders {
  period: string;
  lenders: number;
  borrowers: number;
  share: number | null;
  over30Rate: number | null;
}
export interface Portfolio {
  headline: { points: Rates[] }[];
  trend: { key: string | null; points: Rates[] }[];
  buckets: { points: BucketPoint[] }[];
  vintages: Cohort[];
  rollRates: Roll[];
  lendersPerBorrower: Lenders[];
}
export interface Choices {
  coverage: { firstMonth: string | null; lastMonth: string | null };
  market: { kinds: { key: string }[]; products: { key: string }[] };
}
export type Answer = Choices & { portfolio: Portfolio };

// What went wrong, in the API's words where it has any, and what the reader can do about it.
export interface Trouble {
  message: string;
  todo: string;
  code: string;
}
type Failure = { message: string; extensions?: { code?: string; allowed?: string; requestId?: string } };

export interface Progress {
  answer: Answer | null;
  trouble: Trouble | null;
  waiting: boolean;
  again: () => void;
}

// The answer of before stays until the next one is there.
export function useAnswer(view: View): Progress {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [waiting, setWaiting] = useState(true);
  const [attempt, setAttempt] = useState(0);
  const asked = JSON.stringify(page(view));
  useEffect(() => {
    const stop = new AbortController();
    setWaiting(true);
    post<Answer>(asked, stop.signal).then(
      (data) => {
        setAnswer(data);
        setTrouble(null);
        setWaiting(false);
      },
      (error: Error | Refused) => {
        if (stop.signal.aborted) return;
        setTrouble(error instanceof Refused ? error.trouble : UNREACHABLE);
        setWaiting(false);
      },
    );
    return () => stop.abort();
  }, [asked, attempt]);
  const again = useCallback(() => setAttempt((count) => count + 1), []);
  return { answer, trouble, waiting, again };
}

// What the pickers offer where the first view of all was refused, so that the reader can choose another one.
export const askChoices = (signal: AbortSignal): Promise<Choices> => post<Choices>(JSON.stringify(choices), signal);

const UNREACHABLE: Trouble = {
  message: "The server did not answer.",
  todo: "Check that it runs and that this machine reaches it, then try again.",
  code: "",
};

class Refused extends Error {
  constructor(readonly trouble: Trouble) {
    super(trouble.message);
  }
}

async function post<T>(body: string, signal: AbortSignal): Promise<T> {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { accept: "application/graphql-response+json", "content-type": "application/json" },
    body,
    credentials: "same-origin",
    redirect: "error",
    signal,
  });
  const { data, errors } = (await response.json()) as { data?: T | null; errors?: Failure[] };
  const first = errors?.[0];
  if (first) throw new Refused(explained(first));
  if (!data) throw new Error("an answer without data");
  return data;
}

function explained({ message, extensions = {} }: Failure): Trouble {
  const { code = "", allowed, requestId } = extensions;
  let todo = "Try again; should it stay, tell the operator.";
  if (allowed) todo = `Allowed: ${allowed}.`;
  else if (requestId) todo = `Try again; should it stay, tell the operator the request's id, ${requestId}.`;
  return { message, todo, code };
}
