import { beforeEach, describe, expect, test } from '@jest/globals';
import type { JobFrame } from '@skep/protocol';
import fc from 'fast-check';
import { MemorySpool } from '../../src/spool/MemorySpool.js';
import { AttemptForwarder, GATHER_BYTES, GATHER_MS, WINDOW } from '../../src/supervisor/AttemptForwarder.js';
import { ANSWER_MS, FrameLine, LINE_BYTES } from '../../src/supervisor/FrameLine.js';
import type { Link } from '../../src/supervisor/Link.js';
import { FakeClock } from '../helpers/FakeTime.js';

/** A connection that hands over what was sent, to be answered by the test. */
class HeldLink implements Pick<Link, 'frame' | 'drop'> {
  readonly sent: { frame: JobFrame; answer: (answer: unknown) => void }[] = [];
  drops = 0;

  frame(frame: JobFrame, answer: (answer: unknown) => void): void {
    this.sent.push({ frame, answer });
  }

  drop(): void {
    this.drops += 1;
  }

  confirm(index: number): void {
    const { frame, answer } = this.sent[index]!;
    answer({ cursor: frame.seq + frame.events.length });
  }
}

let clock: FakeClock;
let link: HeldLink;
let line: FrameLine;
let told: string[];

beforeEach(() => {
  clock = new FakeClock();
  link = new HeldLink();
  line = new FrameLine(link as unknown as Link, clock);
  line.open();
  told = [];
});

function forwarderOf(spool: MemorySpool, id = 'j'): AttemptForwarder {
  const forwarder = new AttemptForwarder({ id, attempt: 1, lease: 1 }, spool, line, clock, {
    confirmed: () => told.push('confirmed'),
    leaseEnded: (why) => told.push(`lease ended: ${why}`),
    refused: ({ code }) => told.push(`refused: ${code}`),
  });
  forwarder.resumed(0);
  return forwarder;
}

const write = (spool: MemorySpool, forwarder: AttemptForwarder, bytes = 10): void => {
  spool.append(0, { name: 'job:stdout', args: ['x'.repeat(bytes)] });
  forwarder.wake();
};

describe('frames', () => {
  test('all events of one turn leave in one frame, the end with them', () => {
    const spool = new MemorySpool();
    const forwarder = forwarderOf(spool);
    for (let n = 0; n < 5; n++) write(spool, forwarder);
    spool.end();
    clock.pass(0);
    expect(link.sent).toHaveLength(1);
    expect(link.sent[0]!.frame).toMatchObject({ id: 'j', attempt: 1, lease: 1, seq: 0, end: { events: 5 } });
    link.confirm(0);
    expect(told).toEqual(['confirmed']);
  });

  test('leave at once while fewer than a window are unconfirmed, then after 50 ms', () => {
    const spool = new MemorySpool();
    const forwarder = forwarderOf(spool);
    for (let n = 0; n < WINDOW; n++) {
      write(spool, forwarder);
      clock.pass(0);
    }
    expect(link.sent).toHaveLength(WINDOW);
    write(spool, forwarder);
    clock.pass(GATHER_MS - 1);
    write(spool, forwarder);
    expect(link.sent).toHaveLength(WINDOW);
    clock.pass(1);
    expect(link.sent).toHaveLength(WINDOW + 1);
    expect(link.sent.at(-1)!.frame.events).toHaveLength(2);
  });

  test('leave at 64 KiB, however many are unconfirmed', () => {
    const spool = new MemorySpool();
    const forwarder = forwarderOf(spool);
    for (let n = 0; n < WINDOW; n++) {
      write(spool, forwarder);
      clock.pass(0);
    }
    write(spool, forwarder, GATHER_BYTES);
    clock.pass(0);
    expect(link.sent).toHaveLength(WINDOW + 1);
  });

  test('that were gathered leave as soon as the window opens', () => {
    const spool = new MemorySpool();
    const forwarder = forwarderOf(spool);
    for (let n = 0; n <= WINDOW; n++) {
      write(spool, forwarder);
      clock.pass(0);
    }
    link.confirm(0);
    expect(link.sent).toHaveLength(WINDOW + 1);
  });

  test('wait for answers beyond 4 MiB of one attempt and 32 MiB of all', () => {
    const chunk = 60 * 1024;
    const spools = Array.from({ length: 12 }, () => new MemorySpool());
    const forwarders = spools.map((spool, n) => forwarderOf(spool, `j${n}`));
    for (const [n, spool] of spools.entries()) for (let at = 0; at < 100; at++) write(spool, forwarders[n]!, chunk);
    clock.pass(0);
    const bytesOf = (id?: string): number =>
      link.sent.filter(({ frame }) => id === undefined || frame.id === id).reduce((sum, { frame }) => sum + frame.events.length * chunk, 0);
    expect(bytesOf('j0')).toBeGreaterThan(3 * 1024 * 1024);
    expect(bytesOf('j0')).toBeLessThan(5 * 1024 * 1024);
    expect(bytesOf()).toBeGreaterThan(LINE_BYTES - 1024 * 1024);
    expect(bytesOf()).toBeLessThan(LINE_BYTES + 1024 * 1024);
    // All of it arrives in the end, whoever had to wait.
    for (let n = 0; n < link.sent.length; n++) {
      link.confirm(n);
      clock.pass(0);
    }
    expect(bytesOf()).toBe(12 * 100 * chunk);
  });
});

describe('answers', () => {
  test.each(['LEASE_ENDED', 'NOT_YOUR_JOB', 'JOB_NOT_FOUND', 'INVALID_MESSAGE', 'UNKNOWN_EVENT', 'COMMAND_NOT_FOUND', 'OUTPUT_LIMIT'])(
    '%s ends the attempt, and nothing more leaves',
    (code) => {
      const spool = new MemorySpool();
      const forwarder = forwarderOf(spool);
      write(spool, forwarder);
      clock.pass(0);
      link.sent[0]!.answer({ error: { code, message: 'no' } });
      write(spool, forwarder);
      clock.pass(60_000);
      expect(told).toEqual([`lease ended: ${code}: no`]);
      expect(link.sent).toHaveLength(1);
    },
  );

  test('SEQ_GAP: everything after what was confirmed leaves again at once, a second time only after a while', () => {
    const spool = new MemorySpool();
    const forwarder = forwarderOf(spool);
    for (let n = 0; n < 3; n++) {
      write(spool, forwarder);
      clock.pass(0);
    }
    link.confirm(0);
    link.sent[2]!.answer({ error: { code: 'SEQ_GAP', message: '' } });
    clock.pass(0);
    expect(link.sent[3]!.frame).toMatchObject({ seq: 1 });
    expect(link.sent[3]!.frame.events).toHaveLength(2);
    // The answer to a frame from before the step back says nothing any more.
    link.sent[1]!.answer({ error: { code: 'LEASE_ENDED', message: '' } });
    link.sent[3]!.answer({ error: { code: 'SEQ_GAP', message: '' } });
    clock.pass(100);
    expect(link.sent).toHaveLength(4);
    clock.pass(5000);
    expect(link.sent[4]!.frame).toMatchObject({ seq: 1 });
    expect(told).toEqual(['refused: SEQ_GAP']);
  });

  test.each([
    ...['STORE_FULL', 'STORE_FAILED', 'QUEEN_STOPPING', 'INTERNAL', 'RATE_LIMITED'].map((code) => ({ error: { code, message: 'no' } })),
    ...[{ cursor: -1 }, 'nonsense', undefined, { cursor: 0 }, { cursor: 1e9 }],
  ])('%j: the same leaves again after a while, until it is taken', (answer) => {
    const spool = new MemorySpool();
    const forwarder = forwarderOf(spool);
    write(spool, forwarder);
    clock.pass(0);
    for (let n = 0; n < 3; n++) {
      link.sent[n]!.answer(answer);
      expect(link.sent).toHaveLength(n + 1);
      clock.pass(5000);
      expect(link.sent).toHaveLength(n + 2);
    }
    expect(link.sent[3]!.frame).toEqual(link.sent[0]!.frame);
  });

  test('none within 30 s: the connection is given up', () => {
    const spool = new MemorySpool();
    const forwarder = forwarderOf(spool);
    write(spool, forwarder);
    clock.pass(0);
    clock.pass(ANSWER_MS / 2);
    write(spool, forwarder);
    clock.pass(0);
    link.confirm(0);
    clock.pass(ANSWER_MS - 1);
    expect(link.drops).toBe(0);
    clock.pass(1);
    expect(link.drops).toBe(1);
  });
});

test('whatever becomes of connections, answers and time, the queen gets every event once and in order', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('write' as const), bytes: fc.integer({ min: 1, max: 40_000 }) }),
    fc.record({ do: fc.constant('pass' as const), ms: fc.nat(6000) }),
    fc.record({ do: fc.constant('answer' as const), nth: fc.nat(20) }),
    fc.record({ do: fc.constant('refuse' as const), nth: fc.nat(20) }),
    fc.record({ do: fc.constant('reconnect' as const) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      clock = new FakeClock();
      link = new HeldLink();
      line = new FrameLine(link as unknown as Link, clock);
      line.open();
      told = [];
      const spool = new MemorySpool();
      const forwarder = forwarderOf(spool);
      const queen: unknown[] = [];
      let written = 0;
      /** As a queen does; frames are dealt with in the order in which they were sent. */
      const answerOldest = (count: number): void => {
        for (const { frame, answer } of link.sent.splice(0, count)) {
          if (frame.seq > queen.length) answer({ error: { code: 'SEQ_GAP', message: '' } });
          else {
            queen.push(...frame.events.slice(queen.length - frame.seq).map((event) => event[2]));
            answer({ cursor: queen.length });
          }
        }
      };
      const reconnect = (): void => {
        link.sent.length = 0;
        line.close();
        forwarder.disconnected();
        line.open();
        forwarder.resumed(queen.length);
      };
      for (const each of steps) {
        if (each.do === 'write') {
          spool.append(0, { name: 'job:progress', args: [written++] });
          write(spool, forwarder, each.bytes);
        } else if (each.do === 'pass') clock.pass(each.ms);
        else if (each.do === 'answer') answerOldest(each.nth);
        else if (each.do === 'refuse') link.sent.splice(0, 1)[0]?.answer({ error: { code: 'STORE_FULL', message: '' } });
        else reconnect();
      }
      spool.end();
      forwarder.wake();
      for (let rounds = 0; rounds < 50 && !told.includes('confirmed'); rounds++) {
        clock.pass(5000);
        answerOldest(Number.POSITIVE_INFINITY);
      }
      expect(told).toContain('confirmed');
      expect(queen.filter((value) => typeof value === 'number')).toEqual(Array.from({ length: written }, (_, n) => n));
      expect(queen).toHaveLength(2 * written);
    }),
    { numRuns: 300 },
  );
});
