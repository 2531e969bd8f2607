import type { AttemptInfo, JobInfo } from '@skep/protocol';
import { ArrowDownToLine, WrapText } from 'lucide-react';
import { useCallback, useRef, useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { useFeed } from '../feed/useFeed.js';
import { useKeys } from '../keys.js';
import { copyText } from '../parts/Copy.js';
import { Menu } from '../parts/Menu.js';
import { useNotices } from '../parts/notices.js';
import { count } from '../words.js';
import type { OutputState } from './Controller.js';
import type { Times } from './drawRow.js';
import { GoToLine } from './GoToLine.js';
import { OutputFind, Toggle } from './OutputFind.js';
import { OutputFoot } from './OutputFoot.js';
import { outputKeys } from './outputKeys.js';
import { downloadRaw, openRaw, type RawFormat } from './raw.js';
import { useController } from './useController.js';
import type { LoadedOutput } from './useOutput.js';

const timesOrder: readonly Times[] = ['off', 'elapsed', 'local', 'utc'];
const MAX_MARKS = 300;

interface Props {
  job: JobInfo;
  attempt: AttemptInfo;
  output: LoadedOutput;
}

/** The output of an attempt with the tools to read it. */
export function OutputView({ job, attempt, output }: Props) {
  const { client } = useFeed();
  const notices = useNotices();
  const [, navigate] = useLocation();
  const [search, setSearch] = useSearchParams();
  const host = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [asksLine, setAsksLine] = useState(false);
  const isWrapped = search.get('wrap') === '1';
  const times = timesOrder.find((each) => each === search.get('times')) ?? 'off';
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
  const download = (): void =>
    void downloadRaw(client, job.id, attempt.attempt).catch((error: unknown) => notices.fail('Not downloaded', error));
  const onTooLong = (): void =>
    notices.say(
      <>
        Not copied: it is more than 10 MB.{' '}
        <button type="button" className="button is-small" onClick={download}>
          Download it
        </button>
      </>,
    );
  const { controller, state, now, wasDone } = useController({ host, job, attempt, output, times, isWrapped, onTooLong });

  const raw = (format: RawFormat = 'text'): void =>
    void openRaw(client, job.id, attempt.attempt, format).catch((error: unknown) => notices.fail('The raw output cannot be had', error));
  const copy = (what: string, text: string | undefined): void =>
    void notices.attempt('Not copied', async () => {
      await copyText(text ?? location.href);
      return what;
    });
  const copyLink = (): void => copy('The link is copied.', controller.current?.link());
  const copyQuoted = (): void => copy('The lines are copied as a quotation.', controller.current?.quoted());
  const goToLine = (): void => setAsksLine(true);
  const wrap = (): void => set('wrap', isWrapped ? undefined : '1');
  const fullScreen = (): void => void (document.fullscreenElement ? document.exitFullscreen() : frame.current?.requestFullscreen());
  const find = (): void => {
    input.current?.focus();
    input.current?.select();
  };
  useKeys(
    outputKeys(() => controller.current, {
      search: find,
      goToLine,
      nextTimes: () => set('times', timesOrder[(timesOrder.indexOf(times) + 1) % timesOrder.length]),
      wrap,
      copyLink,
      copyQuoted,
      raw,
      fullScreen,
      leave: () => navigate('/jobs'),
    }),
  );

  return (
    <section
      className="output"
      ref={frame}
      aria-labelledby="output-title"
      onKeyDown={(event) => {
        if (event.key !== 'f' || !(event.ctrlKey || event.metaKey)) return;
        // The search of the browser sees only the rows that are drawn.
        event.preventDefault();
        find();
      }}
    >
      <h2 id="output-title" className="visually-hidden">
        Output
      </h2>
      <div className="output-tools">
        <OutputFind input={input} controller={controller} loader={output.loader} state={state} onLeave={() => host.current?.focus()} />
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
        <Menu
          label="more"
          items={[
            { text: 'Fold or open all commands', onSelect: () => controller.current?.foldAll() },
            { text: 'Go to a line…', onSelect: goToLine },
            { text: 'Copy link', onSelect: copyLink },
            { text: 'Copy lines as quotation', onSelect: copyQuoted },
            { text: 'Raw text', onSelect: raw },
            { text: 'Raw with times (NDJSON)', onSelect: () => raw('ndjson') },
            { text: 'Download', onSelect: download },
            { text: 'Full screen', onSelect: fullScreen },
          ]}
        />
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
        <svg className="marks" viewBox="0 0 4 1000" preserveAspectRatio="none" aria-hidden="true">
          <Marks kind="errors" shares={controller.current?.sharesOf('errors', MAX_MARKS)} />
          <Marks kind="hits" shares={controller.current?.sharesOf('hits', MAX_MARKS)} />
        </svg>
        {state.rows === 0 && <p className="no-output">{emptyWords(state, attempt.outcome !== null)}</p>}
        {!wasDone && !state.isFollowing && state.unseen > 0 && (
          <button type="button" className="pill" onClick={() => controller.current?.follow()}>
            {count(state.unseen, 'new line')} ↓
          </button>
        )}
      </div>
      {asksLine && <GoToLine onLine={(line) => controller.current?.toLine(line)} onClose={() => setAsksLine(false)} />}
      <OutputFoot jobId={job.id} attempt={attempt} state={state} now={now} onRaw={raw} />
    </section>
  );
}

/** Where things are in the whole, beside the scroll bar. */
function Marks({ kind, shares = [] }: { kind: 'hits' | 'errors'; shares?: readonly number[] | undefined }) {
  return <path className={`is-${kind}`} d={shares.map((share) => `M0 ${Math.round(share * 1000)}h4`).join('')} />;
}

function emptyWords({ load }: OutputState, isDone: boolean): string {
  if (load === 'failed') return 'The output cannot be read; reload the page to try again.';
  if (load === 'there' && isDone) return 'It wrote nothing.';
  return load === 'lost' ? 'The connection is lost; trying again.' : 'No output yet.';
}
