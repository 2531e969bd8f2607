import { expect, test } from '@jest/globals';
import { TestQueen } from '../helpers/startQueen.js';
import { until } from '../helpers/until.js';
import { describeExamples } from './plainDrones.js';

describeExamples((start) => {
  test('runs a job of a real queen, which keeps every byte in its order', async () => {
    await using queen = await TestQueen.start();
    await using _drone = start(queen.url, 'mini');
    const lines = Array.from({ length: 2000 }, (_, n) => `line ${n} grün\n`).join('');
    const count = 'i=0; while [ $i -lt 2000 ]; do echo "line $i $WORD"; i=$((i+1)); done';
    const info = await queen.done(await queen.submit({ env: { WORD: 'grün' }, phases: { test: [count, 'echo oops >&2; exit 5'] } }));
    expect(info).toMatchObject({ outcome: 'failed', exitCode: 5, testCode: 5, drone: 'mini' });
    expect(info.cmds).toMatchObject([
      { num: 0, cmd: count, out: lines, err: '', exitCode: 0 },
      { num: 1, out: '', err: 'oops\n', exitCode: 5 },
    ]);
  });

  test('ends a job that is cancelled, and is given the next', async () => {
    await using queen = await TestQueen.start();
    await using _drone = start(queen.url, 'mini');
    const id = await queen.submit({ phases: { test: ['echo begun; sleep 600'] } });
    const next = await queen.submit({ phases: { test: ['echo next'] } });
    await until(async () => (await queen.info(id)).cmds[0]?.out === 'begun\n', 'the job has begun');
    await (await queen.caller()).ask('job:cancel', id, 'not needed any more');
    expect(await queen.done(id)).toMatchObject({ outcome: 'cancelled', cmds: [{ exitCode: 143, signal: 'SIGTERM' }] });
    expect(await queen.done(next)).toMatchObject({ outcome: 'passed', cmds: [{ out: 'next\n' }] });
  });

  test('waits for a queen that restarts, and tells it how its job went', async () => {
    await using queen = await TestQueen.start();
    await using _drone = start(queen.url, 'mini');
    const id = await queen.submit({ phases: { test: ['echo before; sleep 0.5; echo after'] } });
    await until(async () => (await queen.info(id)).cmds[0]?.out === 'before\n', 'the job has begun');
    await using again = await queen.restart();
    expect(await again.done(id)).toMatchObject({ outcome: 'passed', cmds: [{ out: 'before\nafter\n' }] });
  });
});
