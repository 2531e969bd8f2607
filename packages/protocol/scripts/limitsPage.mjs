import { errorCodes, Limits, limitErrors, MAX_DEPTH, MAX_VALUES } from '@skep/protocol';
import { table } from '../../../scripts/lib/table.mjs';

const number = (value) => value.toLocaleString('en');
const errorLink = (code) => `[\`${code}\`](errors.md#${code.toLowerCase()})`;
const variableOf = (name) => `SKEP_LIMITS_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

const settable = () => {
  const defaults = Limits.parse({});
  return Object.entries(Limits.shape).map(([name, schema]) => [
    `\`${name}\``,
    number(defaults[name]),
    number(schema.unwrap().minValue),
    schema.description,
    errorLink(limitErrors[name]),
    `\`${variableOf(name)}\``,
  ]);
};

/** What comes of reaching each limit, beside its error. */
const consequences = [
  [
    'maxPayload',
    'Over HTTP the request is refused. A WebSocket is closed with code 1009 and the reason `PAYLOAD_TOO_LARGE`, after an `error:invalid` of `message` that says the same: what is too large is not read, so it cannot be told which message it was.',
  ],
  ['maxQueue', 'The submission is refused, of a parent with all its children. Jobs that are known already are answered as ever.'],
  ['maxCells', 'The submission is refused. A time of a schedule at which that would be so is `refused`.'],
  ['maxConnections', 'The namespace is refused; the error is the `data` of the `connect_error`. Those who are connected stay.'],
  [
    'maxOutput',
    'The attempt ends `errored: output-limit`, and its output is `partial`. Our own drone does not let it come to that: it keeps head and tail of the output and marks the gap.',
  ],
  ['maxWatches', 'The watch is refused, the others go on.'],
  [
    'maxEventRate',
    'Messages beyond it are refused until the second is over. A packed frame is one message; several messages in one count as so many, and pass if the first of them does.',
  ],
  ['maxArtifact', 'The file is refused when it is announced; the job goes on without it.'],
  ['maxArtifacts', 'The next artifact is refused when it is announced; those that there are stay.'],
  ['maxUploads', 'The next upload is refused until one is complete or given up.'],
];

/** The text of docs/limits.md: every limit of a queen, its default, its error, and how it is set. */
export const limitsPage = () =>
  `${[
    '# Limits',
    '<!-- Made by `npm run docs` from packages/protocol/src/limits.ts. Do not edit. -->',
    'Every limit of a queen has a number, a default, and an error that names it. Each is set by the flag `--limit NAME=NUMBER` of `skep queen`, by its variable, by `limits: {NAME: NUMBER}` in `skep.config.yaml`, or by `new Queen({ limits: { NAME: NUMBER } })`.',
    table(['limit', 'default', 'least', 'what', 'error', 'variable'], settable()),
    '## What happens there',
    table(
      ['limit', 'beyond it'],
      consequences.map(([name, text]) => [`\`${name}\``, text]),
    ),
    '## Fixed ones',
    table(
      ['what', 'number', 'error'],
      [
        ['Levels that a message may be nested', number(MAX_DEPTH), errorLink('INVALID_MESSAGE')],
        ['Values that a message may hold, counted with all that is nested', number(MAX_VALUES), errorLink('INVALID_MESSAGE')],
      ],
    ),
    `Lists and texts have limits of their own, which [the schemas](protocol.md) state; what does not keep to them is answered \`INVALID_MESSAGE\` or \`INVALID_JOB\` (HTTP ${errorCodes.INVALID_JOB.status}), with the places that are wrong.`,
    'A peer that asks and does not read what it is answered is not read from while 1 MiB of answers waits for it. A watcher that reads slowly, or not at all, costs less than 1 MiB: when it reads again it is served from the newest that all watchers share in memory (16 MiB at most, 2 MiB of one job), or from the store.',
  ].join('\n\n')}\n`;
