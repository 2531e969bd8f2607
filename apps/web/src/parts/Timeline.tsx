import type { AttemptInfo, JobInfo } from '@skep/protocol';
import { useNow } from '../feed/useFeed.js';
import type { LoadedOutput } from '../output/useOutput.js';
import { span } from '../words.js';

interface Step {
  key: string;
  text: string;
  ms: number;
  look: 'wait' | 'ok' | 'failed' | 'running';
}

/** What is shorter is not worth a step of its own. */
const SETUP_MS = 50;

/** What an attempt has done one after the other, as wide as it took. */
export function Timeline({ job, attempt, output }: { job: JobInfo; attempt: AttemptInfo; output: LoadedOutput }) {
  const now = useNow(1000);
  const steps: Step[] = [];
  if (attempt.attempt === 1 && attempt.started !== null)
    steps.push({ key: 'queued', text: 'queued', ms: attempt.started - job.queued, look: 'wait' });
  const [first] = [...(output.loader?.model.commands.values() ?? [])].flatMap(({ startedAt }) => startedAt ?? []);
  if (attempt.started !== null && first !== undefined && first - attempt.started > SETUP_MS)
    steps.push({ key: 'setup', text: 'set up', ms: first - attempt.started, look: 'wait' });
  // Read anew with every event: the model itself changes without a word.
  for (const command of output.events.length >= 0 ? (output.loader?.model.commands.values() ?? []) : []) {
    if (command.startedAt === null) continue;
    const end = command.finishedAt ?? attempt.finished ?? now;
    const hasFailed = command.exitCode !== null && command.exitCode !== 0;
    steps.push({
      key: String(command.num),
      text: command.text.split('\n', 1)[0] ?? '',
      ms: end - command.startedAt,
      look: hasFailed ? 'failed' : command.finishedAt === null && attempt.finished === null ? 'running' : 'ok',
    });
  }
  if (steps.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what may be wider than its box must be scrollable by keyboard
    <ol className="timeline" aria-label="Timeline" tabIndex={0}>
      {steps.map(({ key, text, ms, look }) => (
        <li key={key} className={`is-${look}`} style={{ flexGrow: Math.max(1, Math.sqrt(Math.max(1, ms))) }} title={`${text}: ${span(ms)}`}>
          <span className="title">{text}</span>
          <span className="number">
            {span(ms)}
            {look === 'failed' && ' ✗'}
          </span>
        </li>
      ))}
    </ol>
  );
}
