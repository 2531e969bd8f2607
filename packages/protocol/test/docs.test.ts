import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import {
  attemptEvents,
  CancelAnswer,
  Cursor,
  callerMessages,
  droneMessages,
  errorCodes,
  FrameAck,
  JobId,
  Limits,
  queenToCallerMessages,
  queenToDroneMessages,
  ResumeAnswer,
  SubmitAnswer,
} from '@skep/protocol';
import { z } from 'zod';
import { errorsPage } from '../scripts/errorsPage.mjs';
import { callerExchange, packedExchange, plainExchange } from '../scripts/exchanges.mjs';
import { limitsPage } from '../scripts/limitsPage.mjs';
import { callerNotes, droneNotes, queenToCallerNotes, queenToDroneNotes } from '../scripts/notes.mjs';
import { protocolPage } from '../scripts/protocolPage.mjs';

const doc = (name: string) => readFile(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');

interface Step {
  from: string;
  event: string;
  args: unknown[];
  answer?: unknown;
}

/** The events of attempts as a plain drone says them and as browsers see them: the job's id comes first. */
const withId = Object.fromEntries(
  Object.entries(attemptEvents).map(([name, schema]) => [
    name,
    { safeParse: ([id, ...args]: unknown[]) => ({ success: JobId.safeParse(id).success && schema.safeParse(args).success }) },
  ]),
);
const spoken: Record<string, Record<string, { safeParse(args: unknown[]): { success: boolean } }>> = {
  'queen to drone': queenToDroneMessages,
  'drone to queen': { ...withId, ...droneMessages },
  'caller to queen': callerMessages,
  'queen to caller': { ...withId, ...queenToCallerMessages },
};
const answers: Record<string, z.ZodType> = {
  'drone:resume': ResumeAnswer,
  'job:events': FrameAck,
  'queue:new': SubmitAnswer,
  'job:watch': z.object({ cursor: Cursor }),
  'job:cancel': CancelAnswer,
};

describe('docs/protocol.md', () => {
  test('is what the schemas say; `npm run docs` makes it so', async () => expect(await doc('protocol.md')).toBe(protocolPage()));

  test.each([
    ['drones', droneNotes, droneMessages],
    ['the queen to drones', queenToDroneNotes, queenToDroneMessages],
    ['callers', callerNotes, callerMessages],
    ['the queen to callers', queenToCallerNotes, queenToCallerMessages],
  ])('explains every message of %s', (_, notes, messages) => expect(Object.keys(notes).sort()).toEqual(Object.keys(messages).sort()));

  const exchanges: [string, Step[]][] = [
    ['drone', plainExchange],
    ['drone', packedExchange],
    ['caller', callerExchange],
  ];
  test.each(exchanges.flatMap(([peer, steps]) => steps.map((step) => [step.event, peer, step] as const)))(
    'gives an example of %s between %s and queen that is true',
    (event, peer, { from, args, answer }) => {
      const direction = from === 'queen' ? `queen to ${peer}` : `${from} to queen`;
      expect(spoken[direction]![event]!.safeParse(args).success).toBe(true);
      if (answer !== undefined) expect(answers[event]!.parse(answer)).toEqual(answer);
    },
  );

  test('links to headings that are there', async () => {
    const text = await doc('protocol.md');
    const headings = new Set([...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) => title!.toLowerCase().replaceAll(' ', '-')));
    expect([...text.matchAll(/\]\(#([^)]+)\)/g)].map(([, target]) => target).filter((target) => !headings.has(target!))).toEqual([]);
  });
});

describe('docs/errors.md', () => {
  test('is what the table of errors says; `npm run docs` makes it so', async () => expect(await doc('errors.md')).toBe(errorsPage()));

  test('has a heading for each code, and for nothing else', async () =>
    expect([...(await doc('errors.md')).matchAll(/^## (.*)$/gm)].map(([, code]) => code)).toEqual(Object.keys(errorCodes)));
});

describe('docs/limits.md', () => {
  test('is what the schema of limits says; `npm run docs` makes it so', async () => expect(await doc('limits.md')).toBe(limitsPage()));

  test('says of each limit what happens beyond it', async () => {
    const text = await doc('limits.md');
    for (const name of Object.keys(Limits.shape)) expect(text.split(`| \`${name}\` |`)).toHaveLength(3);
  });
});
