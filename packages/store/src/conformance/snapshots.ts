import { describe, expect, test } from '@jest/globals';
import type { Change } from '../Store.js';
import { aCommand, aJob, anAttempt, aRunningJob, aState, eventMaker, NOW } from './samples.js';
import { type Open, useStore } from './useStore.js';

const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

/** Snapshots: a whole job at one instant. */
export function describeSnapshots(open: Open): void {
  describe('a snapshot', () => {
    const opened = useStore(open);

    test('is the job, its attempts, and the commands of the latest with their newest output', async () => {
      const { store } = opened();
      const event = eventMaker();
      const events = [
        event({ text: 'cloning\n', command: -1 }),
        event({ text: 'early error\n', stream: 'stderr' }),
        ...Array.from({ length: 10 }, (_, i) => event({ text: `line ${i}\n` })),
        event({ text: 'next\n', command: 1 }),
        event({ text: 'from behind\n' }),
      ];
      const commands = [
        aCommand('a', -1, { attempt: 2, outBytes: 8 }),
        aCommand('a', 0, { attempt: 2, outBytes: 82, errBytes: 12, firstSeq: 1, lastSeq: 13 }),
        aCommand('a', 1, { attempt: 2, outBytes: 5, firstSeq: 12, lastSeq: 12 }),
        aCommand('a', 2, { attempt: 2 }),
      ];
      await store.commit([
        ...aRunningJob('a'),
        { type: 'command', record: aCommand('a', 0, { cmd: 'of the first attempt' }) },
        { type: 'attempt', record: anAttempt('a', 1, { endedAt: NOW }) },
        { type: 'attempt', record: anAttempt('a', 2, { attempt: 2 }) },
        { type: 'events', jobId: 'a', attempt: 2, events },
        ...commands.map((record) => ({ type: 'command', record }) as const),
      ]);
      const snapshot = await store.snapshot('a', 20);
      expect(snapshot?.job).toEqual(aJob('a', { status: 'running', attempt: 1 }));
      expect(snapshot?.attempts).toEqual([anAttempt('a', 1, { endedAt: NOW }), anAttempt('a', 2, { attempt: 2 })]);
      expect(snapshot?.commands).toMatchObject(commands);
      expect(snapshot?.commands.map(({ out, err, outFrom, errFrom }) => [text(out), outFrom, text(err), errFrom])).toEqual([
        ['cloning\n', 0, '', 0],
        ['\nline 9\nfrom behind\n', 62, 'early error\n', 0],
        ['next\n', 0, '', 0],
        ['', 0, '', 0],
      ]);
    });

    test('of no output at all may be asked for', async () => {
      const { store } = opened();
      await store.commit([
        ...aRunningJob('a'),
        { type: 'events', jobId: 'a', attempt: 1, events: [eventMaker()({ text: 'hello' })] },
        { type: 'command', record: aCommand('a', 0, { outBytes: 5 }) },
      ]);
      expect((await store.snapshot('a', 0))?.commands).toMatchObject([{ out: new Uint8Array(), outFrom: 5, errFrom: 0 }]);
    });

    test('of a job without attempts has no commands; of one that is not there is undefined', async () => {
      const { store } = opened();
      await store.commit([{ type: 'job', record: aJob('a') }]);
      expect(await store.snapshot('a', 10)).toEqual({ job: aJob('a'), attempts: [], commands: [] });
      expect(await store.snapshot('nobody', 10)).toBeUndefined();
    });

    test('fits together at every instant while the job is written', async () => {
      const { store } = opened();
      const event = eventMaker();
      let bytes = 0;
      const step = (i: number): Change[] => {
        const chunk = `line ${i}\n`;
        bytes += chunk.length;
        return [
          { type: 'events', jobId: 'a', attempt: 1, events: [event({ text: chunk })] },
          { type: 'command', record: aCommand('a', 0, { outBytes: bytes, lastSeq: i }) },
          { type: 'attempt', record: anAttempt('a', 1, { events: i + 1, outputBytes: bytes, outputLines: i + 1 }) },
          { type: 'job-state', id: 'a', state: aState({ status: 'running', attempt: 1, cursor: i + 1 }) },
        ];
      };
      await store.commit([...aRunningJob('a'), { type: 'command', record: aCommand('a', 0) }]);
      let isWriting = true;
      const writing = (async () => {
        for (let i = 0; i < 300; i++) await store.commit(step(i));
        isWriting = false;
      })();
      const cursors: number[] = [];
      while (isWriting) {
        const snapshot = await store.snapshot('a', 1024 * 1024);
        const { cursor = -1 } = snapshot?.job ?? {};
        cursors.push(cursor);
        const lines = Array.from({ length: cursor }, (_, i) => `line ${i}\n`).join('');
        expect(text(snapshot?.commands[0]?.out)).toBe(lines);
        expect(snapshot?.attempts[0]).toMatchObject({ events: cursor, outputBytes: lines.length });
        expect(snapshot?.commands[0]).toMatchObject({ outBytes: lines.length, outFrom: 0 });
      }
      await writing;
      expect(cursors).toEqual([...cursors].sort((a, b) => a - b));
      expect((await store.job('a'))?.cursor).toBe(300);
    });
  });
}
