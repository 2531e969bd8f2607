import type { AttemptInfo, JobSummary } from '@skep/protocol';
import { useEffect, useRef, useState } from 'react';
import { useFeed } from '../feed/useFeed.js';
import { OutputLoader } from './OutputLoader.js';

/** Something that happened in the attempt, other than output. */
export interface AttemptEventLine {
  at: number;
  name: string;
  args: readonly unknown[];
}

export interface LoadedOutput {
  loader: OutputLoader | undefined;
  events: readonly AttemptEventLine[];
  /** Called after every change of the model; to be set by who draws it. */
  onChange: React.RefObject<() => void>;
}

/** Loads the output of an attempt while the component is there. */
export function useOutput(jobId: string, attempt: AttemptInfo | undefined, onSummary: (summary: JobSummary) => void): LoadedOutput {
  const { client } = useFeed();
  const [loader, setLoader] = useState<OutputLoader>();
  const [events, setEvents] = useState<readonly AttemptEventLine[]>([]);
  const onChange = useRef<() => void>(() => {});
  const summary = useRef(onSummary);
  summary.current = onSummary;
  const number = attempt?.attempt;
  const firstCursor = attempt?.firstCursor;
  useEffect(() => {
    if (number === undefined || firstCursor === undefined) return;
    const heard: AttemptEventLine[] = [];
    const next = new OutputLoader({
      client,
      jobId,
      attempt: number,
      firstCursor,
      onChange: () => onChange.current(),
      onSummary: (said) => summary.current(said),
      onEvent: (at, name, args) => {
        heard.push({ at, name, args });
        setEvents([...heard]);
      },
    });
    setEvents([]);
    setLoader(next);
    void next.start();
    return () => {
      next.close();
      setLoader(undefined);
    };
  }, [client, jobId, number, firstCursor]);
  useEffect(() => {
    if (attempt) loader?.expect(attempt);
    onChange.current();
  }, [loader, attempt]);
  return { loader, events, onChange };
}
