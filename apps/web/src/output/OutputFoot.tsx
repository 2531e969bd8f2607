import type { AttemptInfo, OutputGap, OutputInfo } from '@skep/protocol';
import { useFeed } from '../feed/useFeed.js';
import { count, size } from '../words.js';
import type { OutputState } from './Controller.js';
import { rawAddress } from './raw.js';

/** More places than this are found by reading on. */
const MAX_PLACES = 5;

interface Props {
  jobId: string;
  attempt: AttemptInfo;
  state: OutputState;
  now: number;
  onRaw: () => void;
}

/** Whether what is shown is all there was, for eyes and for ears, and the way to the same as plain text. */
export function OutputFoot({ jobId, attempt, state, now, onRaw }: Props) {
  return (
    <p className="output-foot">
      <CompleteWords output={attempt.output} state={state} now={now} />
      <a
        href={rawAddress(jobId, attempt.attempt)}
        onClick={(event) => {
          event.preventDefault();
          onRaw();
        }}
      >
        plain text
      </a>
      <span className="visually-hidden" role="status">
        {spokenState(state, attempt)}
      </span>
    </p>
  );
}

function CompleteWords({ output, state, now }: { output: OutputInfo; state: OutputState; now: number }) {
  const { client } = useFeed();
  const sum = `${count(Math.max(output.lines, state.lines), 'line')}, ${size(output.bytes)}`;
  if (state.load === 'lost') {
    const seconds = Math.ceil(((client.retryAt ?? now) - now) / 1000);
    const when = seconds > 0 ? `in ${seconds} s` : 'now';
    return (
      <span className="hue-amber">
        connection lost; reconnecting {when}, resuming at line {(state.lines + 1).toLocaleString()}
      </span>
    );
  }
  if (output.state === 'growing') return <span>{count(state.knownLines, 'line')} so far</span>;
  if (output.state === 'partial')
    return (
      <span className="hue-amber">
        {sum}, partial: {output.missing ?? 'the drone did not confirm that this is all'}
        {output.gaps?.slice(0, MAX_PLACES).map((gap) => (
          <Place key={`${gap.firstByte} ${gap.why}`} gap={gap} />
        ))}
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

/** A way to where something is missing: to the line that says so, or the one before. */
function Place({ gap: { firstLine, cut } }: { gap: OutputGap }) {
  const line = Math.max(1, firstLine + (cut ? 1 : 0));
  return (
    <>
      {' '}
      <a href={`#L${line}`}>at line {line.toLocaleString()}</a>
    </>
  );
}

/** Told to screen readers: changes of state and failures alone, never the lines. */
function spokenState({ load, lines }: OutputState, { outcome }: AttemptInfo): string {
  if (load === 'lost') return 'The connection is lost.';
  if (load === 'failed') return 'The output cannot be read.';
  if (load === 'there' && outcome !== null)
    return `${outcome === 'passed' ? '' : `${outcome}. `}All ${count(lines, 'line')} of output are there.`;
  return load === 'coming' ? 'Output is coming.' : '';
}
