import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const ssh = 'ssh -o BatchMode=yes -o StrictHostKeyChecking=accept-new';

/** The command line of an ssh that asks nobody anything, and with a key uses that alone; the key is written into `folder`. */
export async function sshCommand(key: string | undefined, folder: string): Promise<string> {
  if (key === undefined) return ssh;
  const file = join(folder, 'key');
  // ssh refuses a key that does not end with a line end.
  await writeFile(file, `${key.trimEnd()}\n`, { mode: 0o600 });
  return `${ssh} -o IdentitiesOnly=yes -i '${file.replaceAll("'", "'\\''")}'`;
}
