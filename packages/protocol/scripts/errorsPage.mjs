import { errorCodes } from '@skep/protocol';

/** The text of docs/errors.md: a heading for each code, so that a link to it never breaks. */
export const errorsPage = () =>
  `${[
    '# Errors',
    '<!-- Made by `npm run docs` from packages/protocol/src/errors.ts. Do not edit. -->',
    'Every error that Skep answers with, over sockets as `{error: {code, message, hint, issues?}}`, over HTTP with the same body and the status given here, and in the terminal. ' +
      'Programs read `code`; `message` says what happened in this case, `hint` what to do next, `issues` which places of a message are wrong.',
    ...Object.entries(errorCodes).map(
      ([code, { status, meaning, hint }]) => `## ${code}\n\n${meaning} (HTTP ${status})\n\nWhat to do: ${hint}`,
    ),
  ].join('\n\n')}\n`;
