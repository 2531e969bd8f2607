import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** Asks for a secret at the terminal, where it is not shown; in a pipe it is the first line of stdin. Empty if none is given. */
export async function askSecret(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) return ((await text(stdin)).split('\n', 1)[0] ?? '').trim();
  stderr.write(prompt);
  const unseen = new Writable({ write: (_bytes, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: unseen, terminal: true });
  // Ctrl-C and Ctrl-D give nothing.
  const nothing = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  try {
    return (await Promise.race([lines.question(''), nothing])).trim();
  } finally {
    lines.close();
    stderr.write('\n');
  }
}
