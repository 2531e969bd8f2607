import { describe, expect, test } from '@jest/globals';
import { ErrorBody, type ErrorCode, errorCodes, SkepError, toSkepError } from '@skep/protocol';

const codes = Object.entries(errorCodes) as [ErrorCode, { status: number; meaning: string; hint: string }][];

describe('the table of errors', () => {
  test.each(codes)('%s has a status of HTTP, a meaning and a next step, in sentences', (code, { status, meaning, hint }) => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    for (const text of [meaning, hint]) expect(text).toMatch(/^[A-Z`].*\.$/);
  });
});

describe('an error', () => {
  test.each(codes)('%s travels and comes back as it was', (code) => {
    const sent = new SkepError(code, 'what happened', { issues: [{ path: 'a.0', message: 'is wrong' }] });
    const body = ErrorBody.parse(JSON.parse(JSON.stringify(sent.toBody())));
    const back = SkepError.fromBody(body);
    expect(back).toEqual(sent);
    expect([back.code, back.message, back.hint, back.status, back.issues]).toEqual([
      code,
      sent.message,
      sent.hint,
      sent.status,
      sent.issues,
    ]);
  });

  test('without words of its own says what its code means', () =>
    expect(new SkepError('QUEUE_FULL').message).toBe(errorCodes.QUEUE_FULL.meaning));

  test('may have a hint that fits its case better', () =>
    expect(new SkepError('TIMED_OUT', 'x', { hint: 'Wait.' }).toBody().hint).toBe('Wait.'));

  test('that is not ours becomes INTERNAL, and its words stay here', () => {
    const cause = new Error('password hunter2 refused');
    const error = toSkepError(cause);
    expect(error).toMatchObject({ code: 'INTERNAL', cause });
    expect(JSON.stringify(error.toBody())).not.toContain('hunter2');
  });

  test('that is ours stays itself', () => {
    const error = new SkepError('SEQ_GAP');
    expect(toSkepError(error)).toBe(error);
  });

  test.each([
    ['an unknown code', { code: 'NO_SUCH', message: '' }],
    ['no message', { code: 'INTERNAL' }],
    ['text', 'INTERNAL'],
  ])('with %s is no error of ours', (_, body) => expect(ErrorBody.safeParse(body).success).toBe(false));
});
