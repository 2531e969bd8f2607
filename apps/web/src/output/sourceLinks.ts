import type { Job } from '@skep/protocol';

/** The address of a line of a source file. */
export type LinkSource = (path: string, line: number) => string;

/** `src/store.c:214` or `src/store.c:214:9`, as compilers and test runners write it: a relative path with a suffix, then the line. */
const place = /(?<![\w./:@-])(?:\.\/)?((?:[\w@+-][\w.@+-]*\/)*[\w@+-][\w.@+-]*\.[A-Za-z]\w{0,9}):(\d{1,7})(?::\d{1,7})?(?![\w./])/g;

/** Places in source files that a text names, and where they lead, in order. */
export function sourcesIn(text: string, linkSource: LinkSource): { from: number; to: number; href: string }[] {
  return Array.from(text.matchAll(place), ({ 0: whole, 1: path = '', 2: line, index }) => ({
    from: index,
    to: index + whole.length,
    href: linkSource(path, Number(line)),
  }));
}

/** Where the sources of a job are read in the web; undefined where its repository, or the state of it, is not known to have such pages. */
export function linkSourceOf({ repo, ref }: Pick<Job, 'repo' | 'ref'>): LinkSource | undefined {
  const web = repo && webOf(repo.url);
  const state = ref && ('id' in ref && typeof ref.id === 'string' ? ref.id : 'branch' in ref ? ref.branch : undefined);
  if (!web || typeof state !== 'string') return undefined;
  const kind = /(^|\.)(github|gitlab|bitbucket)\./.exec(`${repo.provider ?? ''}.${web.host}`)?.[2];
  const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
  const root = `${web.origin}${web.pathname}`;
  if (kind === 'github') return (path, line) => `${root}/blob/${encoded(state)}/${encoded(path)}#L${line}`;
  if (kind === 'gitlab') return (path, line) => `${root}/-/blob/${encoded(state)}/${encoded(path)}#L${line}`;
  if (kind === 'bitbucket') return (path, line) => `${root}/src/${encoded(state)}/${encoded(path)}#lines-${line}`;
  return undefined;
}

/** The page of a repository, from what it is cloned from: http, https or ssh, without a name and password. */
function webOf(url: string): URL | undefined {
  const short = /^(?:[\w.-]+@)([\w.-]+):(?!\/\/)(.+)$/.exec(url);
  const given = short ? `https://${short[1]}/${short[2]}` : url.replace(/^ssh:\/\/(?:[^@/]*@)?([^:/]+)(?::\d+)?\//, 'https://$1/');
  if (!/^https?:\/\//i.test(given) || !URL.canParse(given)) return undefined;
  const web = new URL(given);
  web.username = '';
  web.password = '';
  web.pathname = web.pathname.replace(/\/+$/, '').replace(/\.git$/, '');
  return web;
}
