import type { AttemptInfo, OutputInfo } from '@skep/protocol';
import { ArrowDownToLine, CaseSensitive, ChevronDown, ChevronUp, Regex, Search as SearchIcon, TriangleAlert, WrapText } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { queenUrl } from '../base.js';
import { useFeed, useNow } from '../feed/useFeed.js';
import { useKeys } from '../keys.js';
import { copyText } from '../parts/Copy.js';
import { Dialog } from '../parts/Dialog.js';
import { useNotices } from '../parts/notices.js';
import { count, size } from '../words.js';
import { Controller, type OutputState } from './Controller.js';
import type { Times } from './drawRow.js';
import { outputKeys } from './outputKeys.js';
import { openRaw } from './raw.js';
import type { LoadedOutput } from './useOutput.js';

const timesOrder: readonly Times[] = ['off', 'elapsed', 'local', 'utc'];
const blank: OutputState = {
  isFollowing: false,
  unseen: 0,
  hits: 0,
  hit: -1,
  isSearching: false,
  errors: 0,
  lines: 0,
  rows: 0,
  load: 'waiting',
};

interface Props {
  jobId: string;
  attempt: AttemptInfo;
  output: LoadedOutput;
  isDone: boolean;
}

/** The output of an attempt with the tools to read it. */
export function OutputView({ jobId, attempt, output, isDone }: Props) {
  const { client } = useFeed();
  const notices = useNotices();
  const [, navigate] = useLocation();
  const [search, setSearch] = useSearchParams();
  const host = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLDivElement>(null);
  const controller = useRef<Controller>(undefined);
  const [state, setState] = useState<OutputState>(blank);
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [isRegex, setRegex] = useState(false);
  const [isCaseSensitive, setCaseSensitive] = useState(false);
  const [mistake, setMistake] = useState('');
  const { loader, onChange } = output;
  const isWrapped = search.get('wrap') === '1';
  const times = timesOrder.find((each) => each === search.get('times')) ?? 'off';
  const wasDone = useRef(isDone);

  const set = useCallback(
    (name: string, value: string | undefined): void => {
      setSearch(
        (all) => {
          const next = new URLSearchParams(all);
          if (value === undefined) next.delete(name);
          else next.set(name, value);
          return next;
        },
        { replace: true },
      );
    },
    [setSearch],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew for another output alone; all else is set on what was made
  useEffect(() => {
    if (!host.current || !loader) return;
    const made = new Controller({
      host: host.current,
      loader,
      times,
      isWrapped,
      startedAt: attempt.started,
      onState: setState,
      onTooLong: () => notices.fail('Not copied', new Error('it is more than 10 MB; use the raw output')),
    });
    controller.current = made;
    onChange.current = () => made.changed();
    made.setTimesOfAttempt(attempt.started, attempt.finished);
    made.open(wasDone.current);
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
  useEffect(() => controller.current?.setWrapped(isWrapped), [isWrapped]);
  useEffect(() => controller.current?.setTimes(times), [times]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another output is searched for the same
  useEffect(() => {
    try {
      controller.current?.search({ text, isRegex, isCaseSensitive });
      setMistake('');
    } catch (error) {
      setMistake(error instanceof Error ? error.message : 'This is no regular expression');
    }
  }, [text, isRegex, isCaseSensitive, loader]);
  const now = useNow(1000);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once a second, for the durations of what runs
  useEffect(() => {
    if (attempt.finished === null) controller.current?.changed();
  }, [now, attempt.finished]);

  const raw = (): void =>
    void openRaw(client, jobId, attempt.attempt).catch((error: unknown) => notices.fail('The raw output cannot be had', error));
  const nextTimes = (): void => set('times', timesOrder[(timesOrder.indexOf(times) + 1) % timesOrder.length]);
  const wrap = (): void => set('wrap', isWrapped ? undefined : '1');
  const [asksLine, setAsksLine] = useState(false);
  const copyLink = async (): Promise<void> => {
    await notices.attempt('Not copied', async () => {
      await copyText(controller.current?.link() ?? location.href);
      return 'The link is copied.';
    });
  };
  const fullScreen = (): void => void (document.fullscreenElement ? document.exitFullscreen() : frame.current?.requestFullscreen());
  useKeys(
    outputKeys(() => controller.current, {
      search: () => input.current?.focus(),
      goToLine: () => setAsksLine(true),
      nextTimes,
      wrap,
      copyLink: () => void copyLink(),
      raw,
      fullScreen,
      leave: () => navigate('/jobs'),
    }),
  );

  return (
    <section className="output" ref={frame} aria-labelledby="output-title">
      <h2 id="output-title" className="visually-hidden">
        Output
      </h2>
      <div className="output-tools">
        <search className="find">
          <SearchIcon size={16} aria-hidden="true" />
          <input
            ref={input}
            type="text"
            value={text}
            aria-label="Search the output"
            aria-invalid={mistake !== ''}
            placeholder={`search ${state.lines === 0 ? 'the output' : count(state.lines, 'line')}`}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') controller.current?.nextHit(event.shiftKey ? -1 : 1);
              else if (event.key === 'Escape') {
                setText('');
                host.current?.focus();
              }
            }}
          />
          <Toggle isOn={isRegex} label="Regular expression" onToggle={() => setRegex(!isRegex)}>
            <Regex size={16} aria-hidden="true" />
          </Toggle>
          <Toggle isOn={isCaseSensitive} label="Match case" onToggle={() => setCaseSensitive(!isCaseSensitive)}>
            <CaseSensitive size={16} aria-hidden="true" />
          </Toggle>
        </search>
        <span className="found" role="status">
          {mistake !== '' ? <span className="hue-red">{mistake}</span> : text !== '' ? foundWords(state) : ''}
        </span>
        {text !== '' && state.hits > 0 && <Steps what="hit" onStep={(step) => controller.current?.nextHit(step)} />}
        {state.errors > 0 && (
          <span className="errors">
            <TriangleAlert size={16} aria-hidden="true" />
            {count(state.errors, 'error')}
            <Steps what="error" onStep={(step) => controller.current?.nextError(step)} />
          </span>
        )}
        <span className="push" />
        <label className="times">
          <span className="visually-hidden">Times</span>
          <select value={times} onChange={(event) => set('times', event.target.value)}>
            <option value="off">no times</option>
            <option value="elapsed">elapsed</option>
            <option value="local">local time</option>
            <option value="utc">UTC</option>
          </select>
        </label>
        <Toggle isOn={isWrapped} label="Wrap long lines" onToggle={wrap}>
          <WrapText size={16} aria-hidden="true" />
        </Toggle>
        <button type="button" className="button is-small" onClick={raw}>
          raw
        </button>
        <Toggle isOn={state.isFollowing} label="Follow" onToggle={() => controller.current?.follow()}>
          <ArrowDownToLine size={16} aria-hidden="true" />
          follow
        </Toggle>
      </div>
      <div className="output-frame">
        <div
          ref={host}
          className="log"
          role="log"
          aria-live="off"
          aria-label="Output"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys
          tabIndex={0}
          onKeyDown={(event) => {
            if (event.key.toLowerCase() !== 'a' || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            controller.current?.selectAll();
          }}
        />
        <HitMarks shares={text === '' ? [] : (controller.current?.hitShares(300) ?? [])} />
        {state.rows === 0 && <p className="no-output">{emptyWords(state, isDone)}</p>}
        {!wasDone.current && !state.isFollowing && state.unseen > 0 && (
          <button type="button" className="pill" onClick={() => controller.current?.follow()}>
            {count(state.unseen, 'new line')} ↓
          </button>
        )}
      </div>
      {asksLine && <GoToLine onLine={(line) => controller.current?.toLine(line)} onClose={() => setAsksLine(false)} />}
      <p className="output-foot">
        <CompleteWords output={attempt.output} state={state} />
        <a
          href={`${queenUrl}/jobs/${encodeURIComponent(jobId)}/log.txt?attempt=${attempt.attempt}`}
          onClick={(event) => {
            event.preventDefault();
            raw();
          }}
        >
          plain text
        </a>
        <span className="visually-hidden" role="status">
          {spokenState(state, isDone)}
        </span>
      </p>
    </section>
  );
}

function Toggle({ isOn, label, onToggle, children }: { isOn: boolean; label: string; onToggle: () => void; children: React.ReactNode }) {
  return (
    <button type="button" className="toggle" aria-pressed={isOn} aria-label={label} title={label} onClick={onToggle}>
      {children}
    </button>
  );
}

function Steps({ what, onStep }: { what: string; onStep: (step: 1 | -1) => void }) {
  return (
    <span className="steps">
      <button type="button" className="icon-button" aria-label={`Previous ${what}`} onClick={() => onStep(-1)}>
        <ChevronUp size={16} aria-hidden="true" />
      </button>
      <button type="button" className="icon-button" aria-label={`Next ${what}`} onClick={() => onStep(1)}>
        <ChevronDown size={16} aria-hidden="true" />
      </button>
    </span>
  );
}

/** Asks for the number of a line. */
function GoToLine({ onLine, onClose }: { onLine: (line: number) => void; onClose: () => void }) {
  const [text, setText] = useState('');
  const line = Number(text.replaceAll(/\D/g, ''));
  return (
    <Dialog title="Go to a line" onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          onClose();
          if (line > 0) onLine(line - 1);
        }}
      >
        <input
          type="text"
          inputMode="numeric"
          aria-label="Number of the line"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className="button is-main" disabled={!(line > 0)}>
          Go
        </button>
      </form>
    </Dialog>
  );
}

/** Where hits are in the whole, beside the scroll bar. */
function HitMarks({ shares }: { shares: readonly number[] }) {
  if (shares.length === 0) return null;
  return (
    <svg className="hit-marks" viewBox="0 0 4 1000" preserveAspectRatio="none" aria-hidden="true">
      <path d={shares.map((share) => `M0 ${Math.round(share * 1000)}h4`).join('')} />
    </svg>
  );
}

function foundWords({ hits, hit, isSearching }: OutputState): string {
  const found = hit >= 0 ? `${(hit + 1).toLocaleString()} of ${hits.toLocaleString()}` : `${hits.toLocaleString()} found`;
  return isSearching ? `${found} …` : found;
}

function emptyWords({ load }: OutputState, isDone: boolean): string {
  if (load === 'failed') return 'The output cannot be read; reload the page to try again.';
  if (load === 'there' && isDone) return 'It wrote nothing.';
  return load === 'lost' ? 'The connection is lost; trying again.' : 'No output yet.';
}

/** Whether what is shown is all there was. */
function CompleteWords({ output, state }: { output: OutputInfo; state: OutputState }) {
  const sum = `${count(Math.max(output.lines, state.lines), 'line')}, ${size(output.bytes)}`;
  if (state.load === 'lost')
    return <span className="hue-amber">connection lost; goes on at line {(state.lines + 1).toLocaleString()} when it is back</span>;
  if (output.state === 'growing') return <span>{count(state.lines, 'line')} so far</span>;
  if (output.state === 'partial')
    return (
      <span className="hue-amber">
        {sum}, partial: {output.missing ?? 'the drone did not confirm that this is all'}
      </span>
    );
  return (
    <span>
      {sum}, complete
      {output.sha256 !== undefined && (
        <>
          , <abbr title={output.sha256}>sha256 ok</abbr>
        </>
      )}
      {state.load === 'coming' && `; reading, ${state.lines.toLocaleString()} lines so far`}
    </span>
  );
}

/** Told to screen readers: changes of state alone, never the lines. */
function spokenState({ load, lines }: OutputState, isDone: boolean): string {
  if (load === 'lost') return 'The connection is lost.';
  if (load === 'there' && isDone) return `All ${count(lines, 'line')} of output are there.`;
  return load === 'coming' ? 'Output is coming.' : '';
}
