import { spawn } from 'node:child_process';

type Env = Readonly<Record<string, string | undefined>>;

/** How long a program may take to fail: one that is still there by then has opened its window. */
const FAILS_WITHIN_MS = 2000;

/** Hands an address to whatever opens addresses here. @returns whether something took it */
export async function openUrl(url: string, env: Env): Promise<boolean> {
  const opener = openerOf(env);
  if (opener === undefined) return false;
  const [program = '', ...args] = opener;
  const child = spawn(program, [...args, url], { stdio: 'ignore', detached: true });
  child.unref();
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), FAILS_WITHIN_MS);
    const settle = (isOpen: boolean): void => {
      clearTimeout(timer);
      resolve(isOpen);
    };
    child.once('error', () => settle(false));
    child.once('exit', (code) => settle(code === 0));
  });
}

/** The program that opens addresses, and its first arguments; undefined where there is no screen for it. */
function openerOf(env: Env): string[] | undefined {
  if (env.BROWSER) return env.BROWSER.split(' ');
  if (process.platform === 'darwin') return ['open'];
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open'] : undefined;
}
