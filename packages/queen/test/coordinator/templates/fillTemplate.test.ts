import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import type { Job, Parameter } from '@skep/protocol';
import fc from 'fast-check';
import { checkTemplate } from '../../../src/coordinator/templates/checkTemplate.js';
import { fillTemplate } from '../../../src/coordinator/templates/fillTemplate.js';

const parameters: Parameter[] = [
  { name: 'who' },
  { name: 'count', type: 'number', default: 3 },
  { name: 'quick', type: 'boolean', default: false },
  { name: 'level', options: ['low', 'high'], default: 'low' },
];

/** What a shell writes that runs the first test command of a job, with the job's variables alone. */
function written(job: Job): string {
  const command = job.phases?.test?.[0];
  const line = typeof command === 'string' ? command : command?.command;
  return execFileSync('/bin/sh', ['-e', '-c', line ?? ''], { env: { PATH: process.env.PATH, ...job.env }, encoding: 'utf8' });
}
const testing = (line: string) => ({ job: { phases: { test: [line] } }, parameters });

describe('a filled template', () => {
  test('has values of their own kind where a string is nothing else, and text elsewhere', () => {
    const job = { project: '{{who}}/web', priority: '{{count}}', idempotent: '{{ quick }}', requires: { labels: { level: '{{level}}' } } };
    const filled = fillTemplate({ job, parameters }, { who: 'bee' });
    expect(filled).toEqual({ project: 'bee/web', priority: 3, idempotent: false, requires: { labels: { level: 'low' } } });
  });

  test('leaves text out and puts it in by sections', () => {
    const spec = { job: { project: '{{#quick}}quick{{/quick}}{{^quick}}slow{{/quick}} {{who}}' }, parameters };
    expect([fillTemplate(spec, { who: 'a', quick: true }).project, fillTemplate(spec, { who: 'a' }).project]).toEqual([
      'quick a',
      'slow a',
    ]);
  });

  test('shows the command with its value, and hands the value over beside it', () => {
    expect(fillTemplate(testing('make {{who}}'), { who: 'a b' })).toEqual({
      phases: { test: [{ command: `make "$\{SKEP_VALUE_who}"`, screencmd: 'make a b' }] },
      env: { SKEP_VALUE_who: 'a b' },
    });
  });

  test('gives values to a program without a shell as they are', () => {
    const spec = { job: { phases: { test: [{ command: 'echo', args: ['{{who}}', '-n {{count}}'] }] } }, parameters };
    expect(fillTemplate(spec, { who: '$(id)' }).phases?.test).toEqual([{ command: 'echo', args: ['$(id)', '-n 3'] }]);
  });

  const lines = [
    'printf %s {{who}}',
    'printf %s "{{who}}"',
    "printf %s '{{who}}'",
    'printf %s {{{who}}}',
    'printf %s \\"{{who}} | cut -c2-',
  ];
  test('no value is read as a command, however the line quotes it', () => {
    const nasty = fc.oneof(
      fc.constantFrom(
        "'; echo gone; '",
        '"; echo gone; "',
        '$(echo gone)',
        '`echo gone`',
        '\n echo gone\n',
        `$\{HOME}`,
        "'\\''",
        '* ? [a]',
        '|echo gone',
        ' -e x',
      ),
      fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !text.includes('\0')),
    );
    fc.assert(
      fc.property(fc.constantFrom(...lines.slice(0, 4)), nasty, (line, who) => {
        expect(written(fillTemplate(testing(line), { who }))).toBe(who);
      }),
      { numRuns: 60 },
    );
  });

  test('not even where the quotes of a line are misread', () => {
    const line = "# it isn't quoted\nprintf %s '{{who}}'; printf %s \"{{who}}\"";
    expect(written(fillTemplate(testing(line), { who: '$(echo gone);echo gone' }))).not.toMatch(/^gone/m);
  });
});

test.each<[what: string, values: Record<string, string | number | boolean>, path: string, message: RegExp]>([
  ['a value is missing', {}, 'values.who', /must be given/],
  ['a name is wrong', { who: 'a', cuont: 3 }, 'values.cuont', /did you mean count\?/],
  ['a kind is wrong', { who: 7 }, 'values.who', /must be a string, not 7/],
  ['it is none of the options', { who: 'a', level: 'mid' }, 'values.level', /one of low, high/],
])('where %s, it says so', (_, values, path, message) => {
  const filling = () => fillTemplate(testing('make'), values);
  expect(filling).toThrow(expect.objectContaining({ code: 'INVALID_VALUES', issues: [{ path, message: expect.stringMatching(message) }] }));
});

test.each<[what: string, job: Record<string, unknown>, given: Parameter[], path: string, message: RegExp]>([
  ['a parameter that there is not', { project: '{{whom}}' }, parameters, 'job.project', /no parameter whom; did you mean who\?/],
  ['what lies behind a value', { project: '{{who.constructor}}' }, parameters, 'job.project', /no parameter who.constructor/],
  ['another template', { project: '{{> who}}' }, parameters, 'job.project', /none can/],
  ['a tag without an end', { project: '{{who' }, parameters, 'job.project', /Unclosed/],
  ['a field that no job has so', { priority: 'very' }, [], 'job.priority', /number/],
  ['a default of another kind', {}, [{ name: 'n', type: 'number', default: 'x' }], 'parameters.0.default', /must be a number/],
  ['a parameter twice', {}, [{ name: 'n' }, { name: 'n' }], 'parameters.1.name', /there already/],
])('a template with %s is refused with its place', (_, job, given, path, message) => {
  const checking = () => checkTemplate({ job, parameters: given });
  expect(checking).toThrow(
    expect.objectContaining({ code: 'INVALID_TEMPLATE', issues: [{ path, message: expect.stringMatching(message) }] }),
  );
});
