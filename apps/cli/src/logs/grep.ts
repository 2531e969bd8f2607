import type { OutputPart } from '@skep/client';
import { errorPattern, type SearchHit } from '@skep/protocol';
import type { Options } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';
import type { Paint } from '../print/paint.js';
import type { Session } from '../Session.js';

/** Prints the lines in which `--grep` is seen, or with `--errors` those that tell of errors, as grep does. @returns 0 if there are any, else 1 */
export async function grep(session: Session, options: Options, id: string, part: OutputPart): Promise<number> {
  const { terminal, json } = session;
  const wantsErrors = options.isOn('errors');
  const q = wantsErrors ? errorPattern.source : (options.text('grep') ?? '');
  const regex = wantsErrors || options.isOn('regex');
  const ignoreCase = wantsErrors || options.isOn('ignoreCase');
  const [from = '1', to = ''] = part.lines?.split('-') ?? [];
  const last = to === '' ? Number.POSITIVE_INFINITY : Number(to);
  const { attempt, command, stream } = part;
  const asked = {
    q,
    regex,
    case: !ignoreCase,
    from: Number(from),
    ...(attempt !== undefined && { attempt }),
    ...(command !== undefined && { command }),
  };
  let found = 0;
  let seen: RegExp | undefined;
  for await (const hit of (await session.client()).search(id, asked)) {
    if (hit.line > last) break;
    if (stream !== undefined && hit.stream !== stream) continue;
    found += 1;
    // The queen has understood the expression by now.
    seen ??= new RegExp(regex ? q : q.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), ignoreCase ? 'gi' : 'g');
    if (json) await terminal.json(hit);
    else await terminal.line(lineOf(hit, seen, terminal.paint));
  }
  return found > 0 ? EXIT.ok : EXIT.error;
}

function lineOf({ line, text, cut }: SearchHit, seen: RegExp, paint: Paint): string {
  const shown = text.replaceAll(seen, (match) => (match === '' ? '' : paint('red', match)));
  return `${paint('green', String(line))}:${cut === undefined ? '' : '…'}${shown}`;
}
