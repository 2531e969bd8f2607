import { type JobInfo, type Verdict, verdictsOf, type Waiting } from '@skep/protocol';
import { CircleCheck, CircleX, Hourglass } from 'lucide-react';
import { Link } from 'wouter';
import { queenUrl } from '../base.js';
import { useQueue } from '../feed/useFeed.js';
import { unblockWords, waitingWords } from '../waitingWords.js';
import { count } from '../words.js';
import { CommandLine } from './Copy.js';
import { dronePath } from './jobActions.js';

const marks = { now: CircleCheck, busy: Hourglass, never: CircleX };
const marksHue = { now: 'green', busy: 'blue', never: 'amber' };

/** Why a job waits: what the queen says, a verdict for each drone, and what would unblock it. */
export function WhyWaiting({ waiting, job }: { waiting: Waiting; job: JobInfo['data'] }) {
  const { drones } = useQueue();
  const verdicts = verdictsOf(job, drones.values());
  const able = verdicts.filter(({ when }) => when !== 'never');
  return (
    <section className="panel why" aria-labelledby="why-title">
      <h2 id="why-title">Why it waits</h2>
      <p>
        <strong>{sentence(waitingWords(waiting))}.</strong> {unblockWords(waiting)}
      </p>
      {waiting.reason === 'no-drone' && <CommandLine text={`skep drone --queen ${queenUrl}`} />}
      {verdicts.length > 0 && (
        <>
          <p className="faint">
            {able.length === 0
              ? `None of ${count(verdicts.length, 'drone')} can run it as they are.`
              : `${able.length} of ${count(verdicts.length, 'drone')} can run it.`}
          </p>
          <ul className="verdicts">
            {verdicts.map((verdict) => (
              <VerdictLine key={verdict.drone} verdict={verdict} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function VerdictLine({ verdict: { drone, name, when, why } }: { verdict: Verdict }) {
  const Mark = marks[when];
  return (
    <li>
      <span className={`status hue-${marksHue[when]}`}>
        <Mark size={16} aria-hidden="true" />
        <Link href={dronePath(drone)}>{name}</Link>
      </span>
      <span>{why}</span>
    </li>
  );
}

export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
