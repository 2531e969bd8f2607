import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const identity = [
  '-c',
  'user.name=Bee',
  '-c',
  'user.email=bee@example.org',
  '-c',
  'protocol.file.allow=always',
  '-c',
  'commit.gpgsign=false',
];

/** Runs git, as a person would. @returns what it says, without the line end */
export const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', [...identity, ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

/** Writes a file and commits it. @returns the id of the commit */
export function commit(repo: string, file: string, text: string): string {
  writeFileSync(join(repo, file), text);
  git(repo, 'add', '--all');
  git(repo, 'commit', '--quiet', '-m', text);
  return git(repo, 'rev-parse', 'HEAD');
}

/** A new repository with one commit on `main`. */
export function aRepo(folder: string, name: string): { path: string; first: string } {
  git(folder, 'init', '--quiet', '-b', 'main', name);
  const path = join(folder, name);
  return { path, first: commit(path, 'file.txt', 'one') };
}

/** Serves the repositories in a folder over HTTP, to who knows name and password. */
export async function serveGit(folder: string, credentials: string): Promise<AsyncDisposable & { url: string; requests: string[] }> {
  const requests: string[] = [];
  const expected = `Basic ${Buffer.from(credentials).toString('base64')}`;
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
    requests.push(`${request.headers.authorization ?? 'nobody'} ${pathname}`);
    if (request.headers.authorization !== expected) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="bees"' }).end();
      return;
    }
    const backend = spawn('git', ['http-backend'], {
      env: {
        PATH: process.env.PATH,
        GIT_PROJECT_ROOT: folder,
        GIT_HTTP_EXPORT_ALL: '1',
        PATH_INFO: pathname,
        QUERY_STRING: search.slice(1),
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
        REMOTE_USER: 'bee',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      },
    });
    request.pipe(backend.stdin);
    const parts: Buffer[] = [];
    backend.stdout.on('data', (part: Buffer) => parts.push(part));
    backend.on('close', () => {
      const whole = Buffer.concat(parts);
      const end = whole.indexOf('\r\n\r\n');
      const headers = whole
        .subarray(0, end)
        .toString()
        .split('\r\n')
        .map((line) => line.split(': ', 2) as [string, string]);
      const status = Number(headers.find(([name]) => name === 'Status')?.[1].slice(0, 3) ?? 200);
      for (const [name, value] of headers) if (name !== 'Status') response.setHeader(name, value);
      response.writeHead(status).end(whole.subarray(end + 4));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
