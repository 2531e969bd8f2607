/** A report of tests in the form of JUnit, as far as it is shown. */
export interface Junit {
  tests: number;
  failed: number;
  skipped: number;
  /** The times of all tests together, in seconds; undefined where none is told. */
  seconds: number | undefined;
  /** The first of those that failed. */
  failures: readonly { name: string; message: string; text: string }[];
  slowest: readonly { name: string; seconds: number }[];
}

const MAX_FAILURES = 100;
const MAX_SLOWEST = 5;
const MAX_TEXT = 4000;

/**
 * Reads a report; undefined where the text is none. It comes from a job, so it may be anything: it is read by the browser's
 * own parser, which loads and runs nothing, and what defines entities, which could grow without end, is not read at all.
 */
export function junitOf(text: string): Junit | undefined {
  if (/<!(DOCTYPE|ENTITY)/i.test(text)) return undefined;
  const report = new DOMParser().parseFromString(text, 'application/xml');
  if (report.querySelector('parsererror') || !/^testsuites?$/.test(report.documentElement.localName)) return undefined;
  const cases = [...report.getElementsByTagName('testcase')].map(readCase);
  const failures = cases.filter(({ fault }) => fault);
  const timed = cases.flatMap(({ name, seconds }) => (seconds === undefined ? [] : [{ name, seconds }]));
  return {
    tests: cases.length,
    failed: failures.length,
    skipped: cases.filter(({ isSkipped }) => isSkipped).length,
    seconds: timed.length === 0 ? undefined : timed.reduce((sum, { seconds }) => sum + seconds, 0),
    failures: failures.slice(0, MAX_FAILURES).map(({ name, fault }) => ({ name, message: '', text: '', ...fault })),
    slowest: timed
      .filter(({ seconds }) => seconds > 0)
      .sort((a, b) => b.seconds - a.seconds)
      .slice(0, MAX_SLOWEST),
  };
}

function readCase(element: Element) {
  const [suite, test] = [element.getAttribute('classname'), element.getAttribute('name') ?? 'a test without a name'];
  const seconds = Number.parseFloat(element.getAttribute('time') ?? '');
  const fault = [...element.children].find(({ localName }) => localName === 'failure' || localName === 'error');
  const text = (fault?.textContent ?? '').trim().slice(0, MAX_TEXT);
  return {
    name: suite && !test.startsWith(suite) ? `${suite} › ${test}` : test,
    seconds: seconds >= 0 ? seconds : undefined,
    isSkipped: [...element.children].some(({ localName }) => localName === 'skipped'),
    fault: fault && { message: fault.getAttribute('message') ?? text.split('\n', 1)[0] ?? '', text },
  };
}
