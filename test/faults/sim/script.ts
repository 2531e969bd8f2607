import { type AssignedJob, type AttemptEvent, isTask, jobTypeOf, type Phase, phasesOf } from '@skep/protocol';
import type { Chance } from './Chance.js';

/** What an attempt does next: waits, then says this. */
export interface Step {
  readonly waitMs: number;
  readonly events: AttemptEvent[];
}

/** So long takes a step of an attempt that does not end by itself. */
const FOR_EVER_MS = 1e9;

/**
 * What a runner does with a job, up to `job:done`: phases, commands, output, codes; now and then it fails, errs, or hangs.
 * @param now Unix ms by the queen's clock
 */
export function* script(job: AssignedJob, chance: Chance, now: () => number): Generator<Step> {
  const pace = chance.spread(1, 3000);
  const step = (...events: AttemptEvent[]): Step => ({ waitMs: chance.next() * pace, events });
  yield step({ name: 'job:started', args: [now()] });
  if (chance.is(0.05)) yield { waitMs: FOR_EVER_MS, events: [] };
  if (chance.is(0.06)) {
    yield { waitMs: 0, events: [{ name: 'job:errored', args: [{ code: 'nothing-to-run', message: 'by chance' }, now()] }] };
    yield { waitMs: 0, events: [{ name: 'job:done', args: [now()] }] };
    return;
  }
  if (isTask(job)) yield* task(chance, step);
  else yield* build(job, chance, step, now);
  yield step({ name: 'job:done', args: [now()] });
}

function* task(chance: Chance, step: (...events: AttemptEvent[]) => Step): Generator<Step> {
  for (let i = chance.int(0, 5); i > 0; i--)
    yield step({ name: 'job:progress', args: [i] }, { name: 'job:stdout', args: [textOf(chance)] });
  yield step({ name: 'job:result', args: [{ value: chance.int(0, 9) }] });
}

function* build(job: AssignedJob, chance: Chance, step: (...events: AttemptEvent[]) => Step, now: () => number): Generator<Step> {
  let num = 0;
  let hasFailed = false;
  if (chance.is(0.3)) yield step({ name: 'job:stdout', args: [`cloning ${jobTypeOf(job)}\n`] });
  for (const phase of phasesOf(job)) {
    if (hasFailed && phase !== 'cleanup') continue;
    yield step({ name: 'job:phase', args: [phase, now()] });
    let code = 0;
    for (let left = chance.int(0, 2); left > 0 && code === 0; left--) {
      yield step({ name: 'job:cmd:start', args: [num, `command ${num}`] });
      for (let i = chance.int(0, 6); i > 0; i--) yield step(...Array.from({ length: chance.int(1, 4) }, () => output(chance, num)));
      code = chance.is(0.12) ? chance.int(1, 3) : 0;
      yield step({ name: 'job:cmd:done', args: [num, code] });
      num += 1;
    }
    yield* codeOf(phase, code, step, now);
    if (code !== 0) hasFailed = true;
  }
}

function* codeOf(phase: Phase, code: number, step: (...events: AttemptEvent[]) => Step, now: () => number): Generator<Step> {
  if (phase === 'test') yield step({ name: 'job:tested', args: [code, now()] });
  if (phase === 'deploy') yield step({ name: 'job:deployed', args: [code, now()] });
}

const output = (chance: Chance, num: number): AttemptEvent => ({
  name: chance.is(0.8) ? 'job:cmd:stdout' : 'job:cmd:stderr',
  args: [num, textOf(chance)],
});

/** Now and then a piece that fills a frame. */
const textOf = (chance: Chance): string =>
  chance.is(0.02) ? 'x'.repeat(chance.int(20_000, 60_000)) : `${chance.next().toString(36)}${chance.is(0.7) ? '\n' : ' ü'}`;
