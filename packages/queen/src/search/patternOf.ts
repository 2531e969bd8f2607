import { type SearchQuery, SkepError } from '@skep/protocol';

/** The pattern that a query means. @throws INVALID_MESSAGE if it is no regular expression */
export function patternOf({ q, regex, case: isCaseSensitive }: Pick<SearchQuery, 'q' | 'regex' | 'case'>): RegExp {
  try {
    return new RegExp(regex ? q : q.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), isCaseSensitive ? '' : 'i');
  } catch (cause) {
    throw new SkepError('INVALID_MESSAGE', (cause as Error).message, {
      cause,
      hint: 'Correct the expression, or search for it as plain text.',
    });
  }
}
