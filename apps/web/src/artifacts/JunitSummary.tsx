import { lookOfOutcome } from '../looks.js';
import { LookMark } from '../parts/Status.js';
import { count, span } from '../words.js';
import type { Junit } from './junit.js';

/** What a report of tests says: how many failed, why, and which took longest. */
export function JunitSummary({ report: { tests, failed, skipped, seconds, failures, slowest } }: { report: Junit }) {
  return (
    <div className="junit">
      <p>
        <LookMark look={lookOfOutcome(failed > 0 ? 'failed' : 'passed')}>
          {failed > 0 ? `${failed} of ${count(tests, 'test')} failed` : `${count(tests, 'test')} passed`}
        </LookMark>
        <span className="faint">
          {skipped > 0 && ` · ${skipped} skipped`}
          {seconds !== undefined && ` · ${span(seconds * 1000)} in all`}
        </span>
      </p>
      {failures.length > 0 && (
        <section aria-label="Failures">
          {failures.map(({ name, message, text }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: tests may have the same name
            <details key={index} open={index === 0}>
              <summary>{name}</summary>
              <p className="fault">{message}</p>
              {text !== message && text !== '' && (
                // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys
                <pre tabIndex={0}>{text}</pre>
              )}
            </details>
          ))}
          {failed > failures.length && <p className="faint">and {failed - failures.length} more, in the source</p>}
        </section>
      )}
      {slowest.length > 0 && (
        <section aria-labelledby="slowest-tests">
          <h3 id="slowest-tests">Slowest</h3>
          <ul>
            {slowest.map(({ name, seconds: took }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: tests may have the same name
              <li key={index}>
                <span>{name}</span> <span className="number faint">{span(took * 1000)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
