import { DEFAULT_PORT, parseAs } from '@skep/protocol';
import * as z from 'zod';

/** How the runner reaches its queen: `runners.skep` of the server's configuration, else the variables `SKEP_QUEEN` and `SKEP_TOKEN`. */
const RunnerConfig = z.looseObject({
  queen: z.url({ protocol: /^https?$/ }).default(`http://127.0.0.1:${DEFAULT_PORT}`),
  token: z.string().optional(),
});
export type RunnerConfig = z.infer<typeof RunnerConfig>;

/** @throws {SkepError} INVALID_CONFIG */
export function readConfig(given: unknown, { SKEP_QUEEN: queen, SKEP_TOKEN: token }: NodeJS.ProcessEnv): RunnerConfig {
  const own = typeof given === 'object' && given !== null ? given : {};
  const fromEnv = { ...(queen && { queen }), ...(token && { token }) };
  return parseAs(RunnerConfig, { ...fromEnv, ...own }, 'The configuration of the runner skep', 'INVALID_CONFIG');
}
