import { homedir } from 'node:os';
import { join } from 'node:path';

/** The data folder of a queen or a drone for which none was named: `skep/queen` or `skep/drone` in the user's data folder. */
export function dataFolder(role: 'queen' | 'drone', env: Readonly<Record<string, string | undefined>>): string {
  const base = env.XDG_DATA_HOME || join(homedir(), '.local', 'share');
  return join(base, 'skep', role);
}
