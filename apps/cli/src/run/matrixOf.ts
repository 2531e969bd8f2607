import type { Cell, Matrix } from '@skep/protocol';
import { CliError } from '../CliError.js';
import type { Options } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';

/** The flags that give a matrix. */
export const matrixOptions = [
  {
    flags: '--matrix <axis=a,b>',
    summary: 'once for each of these values: a platform, a label, or a parameter of a template',
    repeats: true,
  },
  { flags: '--exclude <axis=a,axis=b>', summary: 'but not where all of these meet', repeats: true },
] as const;

/** The matrix that flags give, if any: `--matrix platform=debian-12,freebsd-14 --matrix node=20,22 --exclude platform=freebsd-14,node=20`. */
export function matrixOf(options: Options): Matrix | undefined {
  const axes = options.list('matrix').map((text) => pairOf(text, '--matrix'));
  const exclude = options.list('exclude').map((text): Cell => Object.fromEntries(text.split(',').map((each) => pairOf(each, '--exclude'))));
  if (axes.length === 0 && exclude.length > 0)
    throw new CliError('--exclude goes with --matrix', undefined, '--matrix platform=debian-12,freebsd-14', EXIT.usage);
  if (axes.length === 0) return undefined;
  const values = axes.map(([axis, text]) => [axis, text.split(',').filter((value) => value !== '')]);
  return { ...Object.fromEntries(values), ...(exclude.length > 0 && { exclude }) };
}

function pairOf(text: string, flag: string): [string, string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new CliError(`${flag} ${text} has no value`, undefined, `${flag} ${text}=VALUE`, EXIT.usage);
}
