import * as z from 'zod';

/** The names of what tells of an error in a line of output, and the expressions that find it in what a terminal shows; small and capital letters are alike. */
const expressions = {
  /** What compilers and programs say: `src/a.c:3:1: error: no such thing`, `error[E0308]: ...`, `panic: ...`. */
  message: String.raw`\b(?:fatal error|error|fatal|panic|exception)\b(?:\[[\w-]+\])?\s*[:!(]`,
  /** What interpreters say of what nobody caught: `TypeError: x is not a function`, `java.io.IOException: no`. */
  thrown: String.raw`^\s*(?:Uncaught )?[\w.$]*\w(?:error|exception)(?: \[\w+\])?:`,
  /** A test of a runner: `not ok 3 - adds`, `FAIL src/a.test.ts`, `✗ adds`, and pytest's `E   assert`. */
  test: String.raw`^\s*(?:FAIL(?:ED)?\b|not ok\b|E {3}|✗|✖|×)`,
  traceback: String.raw`^\s*Traceback \(`,
  /** What stands at the end: `3 failed, 12 passed`, but not `0 failed`. */
  summary: String.raw`(?<![\d.,])[1-9]\d* (?:failed|failures?)\b`,
} as const;

export const ErrorMatcher = z
  .enum(Object.keys(expressions) as [keyof typeof expressions, ...(keyof typeof expressions)[]])
  .meta({ id: 'ErrorMatcher', description: 'By what a line of output tells of an error.' });
export type ErrorMatcher = z.infer<typeof ErrorMatcher>;

const matchers = ErrorMatcher.options.map((name) => ({ name, pattern: new RegExp(expressions[name], 'i') }));

/** Finds what tells of an error in a line of output, whichever it is. */
export const errorPattern = new RegExp(Object.values(expressions).join('|'), 'i');

/** By what a line tells of an error; undefined if it does not. @param line what a terminal shows, without escape sequences */
export const errorIn = (line: string): ErrorMatcher | undefined => matchers.find(({ pattern }) => pattern.test(line))?.name;

/** Lines with errors that are listed of one output; of more, how many there are is known. */
export const MARKED_ERRORS = 1000;

const Line = z.number().int().min(1).describe('As `lines` of the output counts them.');
const Count = z.number().int().min(1);

/** The lines of an output that tell of errors. */
export const OutputErrors = z
  .object({
    lines: z.number().int().min(0).describe('How many lines tell of errors.'),
    commands: z
      .record(
        z.string(),
        z.object({
          lines: Count.describe('How many of its lines do.'),
          first: Line.optional().describe('The first of them; absent where more than all that are listed come before it.'),
          text: z.string().max(500).optional().describe('What is seen of that one, around the error.'),
        }),
      )
      .describe('By the number of the command that wrote them.'),
    marks: z
      .array(z.object({ line: Line, matcher: ErrorMatcher }))
      .max(MARKED_ERRORS)
      .describe(`The first ${MARKED_ERRORS} of them.`),
  })
  .meta({ id: 'OutputErrors', description: 'The lines of an output that tell of errors.' });
export type OutputErrors = z.infer<typeof OutputErrors>;
