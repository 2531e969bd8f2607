import type { AttemptInfo, JobInfo } from '@skep/protocol';
import { type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { useNow } from '../feed/useFeed.js';
import { Controller, type OutputState } from './Controller.js';
import type { Times } from './drawRow.js';
import { linkSourceOf } from './sourceLinks.js';
import type { LoadedOutput } from './useOutput.js';

const blank: OutputState = {
  isFollowing: false,
  unseen: 0,
  hits: 0,
  hit: -1,
  isSearching: false,
  errors: 0,
  lines: 0,
  knownLines: 0,
  rows: 0,
  load: 'waiting',
};

/** Output of fewer bytes is here before the queen has said where its errors are. */
const INDEX_BYTES = 1_000_000;

interface Shown {
  host: RefObject<HTMLDivElement | null>;
  job: JobInfo;
  attempt: AttemptInfo;
  output: LoadedOutput;
  times: Times;
  isWrapped: boolean;
  onTooLong: () => void;
}

/** Draws an output into `host` while the component is there: what draws it, and what that says of itself. */
export function useController({ host, job, attempt, output, times, isWrapped, onTooLong }: Shown) {
  const controller = useRef<Controller>(undefined);
  const [state, setState] = useState(blank);
  const { loader, onChange } = output;
  const { repo, ref } = job.data;
  // Each answer of the queen brings another object that says the same.
  const sources = JSON.stringify({ repo, ref });
  const linkSource = useMemo(() => linkSourceOf(JSON.parse(sources)), [sources]);
  const wasDone = useRef(attempt.outcome !== null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew for another output alone; all else is set on what was made
  useEffect(() => {
    if (!host.current || !loader) return;
    const made = new Controller({
      host: host.current,
      loader,
      times,
      isWrapped,
      linkSource,
      startedAt: attempt.started,
      onState: setState,
      onTooLong,
    });
    controller.current = made;
    onChange.current = () => made.changed();
    made.expectBytes(attempt.output.bytes);
    made.setTimesOfAttempt(attempt.started, attempt.finished);
    made.open(wasDone.current);
    if (wasDone.current && attempt.output.bytes > INDEX_BYTES)
      void made.takeErrors(loader.errors(), attempt.output.lines, attempt.attempt === job.attempt ? failedOf(job) : undefined);
    const hear = (): void => made.addressChanged();
    window.addEventListener('hashchange', hear);
    return () => {
      window.removeEventListener('hashchange', hear);
      onChange.current = () => {};
      controller.current = undefined;
      made.close();
    };
  }, [loader]);
  useEffect(() => controller.current?.setTimesOfAttempt(attempt.started, attempt.finished), [attempt.started, attempt.finished]);
  useEffect(() => controller.current?.expectBytes(attempt.output.bytes), [attempt.output.bytes]);
  useEffect(() => controller.current?.setLinkSource(linkSource), [linkSource]);
  useEffect(() => controller.current?.setWrapped(isWrapped), [isWrapped]);
  useEffect(() => controller.current?.setTimes(times), [times]);
  const now = useNow(1000);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once a second, for the durations of what runs
  useEffect(() => {
    if (attempt.finished === null) controller.current?.changed();
  }, [now, attempt.finished]);
  return { controller, state, now, wasDone: wasDone.current };
}

/** The number of the command that failed first in the latest attempt. */
const failedOf = ({ cmds }: JobInfo): number | undefined => cmds.find(({ exitCode }) => exitCode !== null && exitCode !== 0)?.num;
