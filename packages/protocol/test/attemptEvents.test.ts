import { describe, expect, test } from '@jest/globals';
import {
  type AttemptEventName,
  attemptEventNames,
  attemptEventNotes,
  isAttemptEventName,
  parseAttemptEvent,
  SkepError,
} from '@skep/protocol';

const NOW = 1_760_000_000_000;
const bytes = new Uint8Array([0xe2, 0x97]);

const good: Record<AttemptEventName, unknown[][]> = {
  'job:queued': [[NOW], [0]],
  'job:started': [[NOW]],
  'job:phase': [
    ['environment', NOW],
    ['cleanup', NOW],
  ],
  'job:tested': [
    [0, NOW],
    [127, NOW],
    [4_294_967_295, NOW],
    [-1, NOW],
  ],
  'job:deployed': [[143, NOW]],
  'job:done': [[NOW]],
  'job:errored': [[{ code: 'nothing-to-run', message: '' }, NOW]],
  'job:cmd:start': [
    [0, ''],
    [1, 'make', null],
    [1_000_000, 'curl -u me:secret', 'curl'],
  ],
  'job:cmd:stdout': [
    [0, ''],
    [3, 'grün\n'],
    [0, bytes],
    [0, Buffer.from('a')],
  ],
  'job:cmd:stderr': [[0, 'warning\n']],
  'job:cmd:done': [
    [0, 0],
    [0, 137, 'SIGKILL'],
    [0, 0, null],
  ],
  'job:stdout': [['text'], [bytes]],
  'job:stderr': [['text']],
  'job:cut': [[1, 0]],
  'job:plugin': [['coverage'], ['coverage', 93.5, { lines: [1, 2] }, null]],
  'job:progress': [[0.5], [{ done: 3, of: 9 }], [null]],
  'job:result': [[{ width: 10 }], ['text']],
};

const bad: [AttemptEventName, string, unknown[]][] = [
  ['job:queued', 'no timestamp', []],
  ['job:queued', 'a timestamp as text', ['1760000000000']],
  ['job:queued', 'a timestamp before 1970', [-1]],
  ['job:queued', 'a timestamp with a fraction', [1.5]],
  ['job:started', 'a timestamp that is no number', [Number.NaN]],
  ['job:done', 'a timestamp beyond what a date can hold', [9e15]],
  ['job:done', 'one argument too many', [NOW, 1]],
  ['job:phase', 'an unknown phase', ['build', NOW]],
  ['job:phase', 'no timestamp', ['test']],
  ['job:tested', 'a code as text', ['0', NOW]],
  ['job:tested', 'no code', [null, NOW]],
  ['job:deployed', 'a code beyond 32 bits', [2 ** 32, NOW]],
  ['job:errored', 'an error that is only text', ['it broke', NOW]],
  ['job:errored', 'an error without a code', [{ message: 'it broke' }, NOW]],
  ['job:errored', 'an empty code', [{ code: '', message: 'it broke' }, NOW]],
  ['job:cmd:start', 'a negative number', [-1, 'make']],
  ['job:cmd:start', 'a number with a fraction', [0.5, 'make']],
  ['job:cmd:start', 'no command', [0]],
  ['job:cmd:start', 'a command of more than a mebibyte', [0, 'x'.repeat(2 ** 20 + 1)]],
  ['job:cmd:stdout', 'text without a command number', ['text']],
  ['job:cmd:stdout', 'an object in place of text', [0, { text: 'a' }]],
  ['job:cmd:stderr', 'an array of numbers in place of bytes', [0, [1, 2]]],
  ['job:cmd:done', 'no exit code', [0]],
  ['job:cmd:done', 'a signal as a number', [0, 137, 9]],
  ['job:stdout', 'a number', [1]],
  ['job:stderr', 'nothing', []],
  ['job:plugin', 'no name', []],
  ['job:plugin', 'an empty name', ['']],
  ['job:progress', 'nothing', []],
  ['job:result', 'two values', [1, 2]],
];

describe('an event of an attempt', () => {
  test.each(Object.entries(good).flatMap(([name, cases]) => cases.map((args) => [name, args] as const)))('%s takes %j', (name, args) =>
    expect(parseAttemptEvent(name, args)).toEqual({ name, args }),
  );

  test.each(bad)('%s refuses %s', (name, _, args) =>
    expect(() => parseAttemptEvent(name, args)).toThrow(expect.objectContaining({ code: 'INVALID_MESSAGE' })),
  );

  test.each(['job:unknown', 'queue:new', 'constructor', '__proto__', '', undefined, null, 7, {}])('of the name %p is not known', (name) => {
    expect(isAttemptEventName(name)).toBe(false);
    expect(() => parseAttemptEvent(name, [])).toThrow(expect.objectContaining({ code: 'UNKNOWN_EVENT' }));
  });

  test('that is refused says where it is wrong', () => {
    const refused = (() => {
      try {
        return parseAttemptEvent('job:errored', [{ code: 'x' }, 'now']);
      } catch (error) {
        return error;
      }
    })();
    expect(refused).toBeInstanceOf(SkepError);
    expect((refused as SkepError).issues?.map(({ path }) => path)).toEqual(['0.message', '1']);
  });

  test('has a note, whatever its name', () => expect(Object.keys(attemptEventNotes).sort()).toEqual([...attemptEventNames].sort()));
});
