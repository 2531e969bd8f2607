import type { JobWhy, Unblock, Verdict, Waiting } from '@skep/protocol';
import { CircleCheck, CircleX, Hourglass } from 'lucide-react';
import { Link } from 'wouter';
import { queenUrl } from '../base.js';
import { useNow } from '../feed/useFeed.js';
import { waitingWords } from '../waitingWords.js';
import { clockTime, count, expectedWords, sentence } from '../words.js';
import { CommandLine } from './Copy.js';
import { dronePath, jobPath, shortId } from './jobActions.js';

const marks = { now: CircleCheck, busy: Hourglass, never: CircleX };
const marksHue = { now: 'green', busy: 'blue', never: 'amber' };
const MAX_DRONES = 12;

/** Why a job waits: what the queen says, when it will start, what would let it, and a verdict on each drone. */
export function WhyWaiting({ waiting, why }: { waiting: Waiting; why: JobWhy | undefined }) {
  const now = useNow(1000);
  const verdicts = why?.verdicts ?? [];
  const able = verdicts.filter(({ when }) => when !== 'never');
  return (
    <section className="panel why" aria-labelledby="why-title">
      <h2 id="why-title">Why it waits</h2>
      <p>
        <strong>{sentence(waitingWords(waiting))}.</strong>
        {why?.canEverRun === false &&
          verdicts.length > 0 &&
          ' As it is, it can never run: no drone that was ever here has all that it requires.'}
      </p>
      {waiting.reason === 'no-drone' && <CommandLine text={`skep drone --queen ${queenUrl}`} />}
      {why && (
        <dl className="facts is-wide">
          <div>
            <dt>starts</dt>
            <dd>{why.estimate.start ? expectedWords(why.estimate.start, now) : <span className="faint">not known yet</span>}</dd>
          </div>
          {why.unblock.length > 0 && (
            <div>
              <dt>what would let it start</dt>
              <dd>
                <ul className="ways">
                  {why.unblock.map((way) => (
                    <li key={`${way.action} ${way.drone ?? ''}`}>
                      <Way way={way} />
                    </li>
                  ))}
                </ul>
              </dd>
            </div>
          )}
        </dl>
      )}
      {verdicts.length > 0 && (
        <>
          <p className="faint">
            {able.length === 0
              ? `None of ${count(verdicts.length, 'drone')} can run it as they are.`
              : `${able.length} of ${count(verdicts.length, 'drone')} can run it.`}
          </p>
          <ul className="verdicts">
            {verdicts.slice(0, MAX_DRONES).map((verdict) => (
              <VerdictLine key={verdict.drone} verdict={verdict} />
            ))}
          </ul>
          {verdicts.length > MAX_DRONES && (
            <details>
              <summary>{count(verdicts.length - MAX_DRONES, 'more drone')}</summary>
              <ul className="verdicts">
                {verdicts.slice(MAX_DRONES).map((verdict) => (
                  <VerdictLine key={verdict.drone} verdict={verdict} />
                ))}
              </ul>
            </details>
          )}
        </>
      )}
    </section>
  );
}

function Way({ way: { words, at, jobs, drone, action } }: { way: Unblock }) {
  if (jobs)
    return (
      <>
        wait for{' '}
        {jobs.map((id, index) => (
          <span key={id}>
            {index > 0 && ', '}
            <Link href={jobPath(id)}>{shortId(id)}</Link>
          </span>
        ))}
      </>
    );
  if (drone !== undefined && action === 'resume-drone') return <Link href={dronePath(drone)}>{words}</Link>;
  return (
    <>
      {words}
      {at !== undefined && `, at ${clockTime(at, false).slice(0, 8)}`}
    </>
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
