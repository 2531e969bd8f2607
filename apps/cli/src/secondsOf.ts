import { CliError } from './CliError.js';
import { EXIT } from './exitCodes.js';

/**
 * `90`, `90s`, `10m`, `1h30m`: seconds.
 * @param flag what it was given for, such as `--timeout`
 */
export function secondsOf(text: string, flag: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  const parts = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
  const [, hours = '0', minutes = '0', seconds = '0'] = parts ?? [];
  const sum = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  if (!parts || sum === 0)
    throw new CliError(`${flag} ${text} is not a duration`, undefined, `${flag} 90s, ${flag} 10m or ${flag} 1h30m`, EXIT.usage);
  return sum;
}
