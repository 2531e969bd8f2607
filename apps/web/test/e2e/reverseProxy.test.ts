import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { type Fleet, type Server, serverOf, startFleet } from '../../../cli/test/helpers/startFleet.js';
import { describeInBrowser, startBrowser, type TestBrowser } from '../helpers/startBrowser.js';
import { until } from '../helpers/until.js';

const NAME = 'ci.example.org';
const docs = new URL('../../../../docs/ui.md', import.meta.url);
const nginxFile = ['/usr/sbin/nginx', '/usr/bin/nginx'].find((place) => existsSync(place));
if (!nginxFile) process.stderr.write('skipped: no nginx on this machine (apt-get install nginx-light)\n');

(nginxFile ? describeInBrowser : describe.skip)('below a path of nginx, over TLS, as docs/ui.md says', () => {
  let folder: string;
  let fleet: Fleet;
  let browser: TestBrowser;
  let nginx: ChildProcess;
  let queen: Server;
  let drone: Server;
  let token: string;
  let port: number;
  /** By address, for processes: names other than this machine's own mean nothing here. */
  let url: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skep-nginx-'));
    port = await freePort();
    [fleet, browser] = await Promise.all([startFleet(), startBrowser([`--host-resolver-rules=MAP ${NAME} 127.0.0.1`])]);
    queen = serverOf(fleet.skep(['queen', '--port', '0', '--data', join(folder, 'queen'), '--host-name', NAME]));
    const [, queenUrl = ''] = await queen.said(/skep queen ready at (\S+)/);
    [, token = ''] = await queen.said(/admin token, shown only this once: (\S+)/);
    await makeCertificate(folder);
    await writeFile(join(folder, 'nginx.conf'), await configuration(folder, port, new URL(queenUrl).host));
    nginx = spawn(nginxFile ?? '', ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'], { stdio: 'inherit' });
    url = `https://127.0.0.1:${port}/skep`;
    env = { SKEP_QUEEN: url, SKEP_TOKEN: token, NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem') };
    await until(async () => (await fleet.skep(['drones'], { env })).exitCode === 0);
    drone = serverOf(fleet.skep(['drone', '--name', 'd', '--speed', '10', '--data', join(folder, 'drone')], { env }));
    await drone.said(/skep drone d ready/);
  }, 60_000);

  afterAll(async () => {
    for (const { process } of [drone, queen]) {
      process?.kill('SIGTERM');
      await process;
    }
    if (nginx?.kill('SIGTERM')) await once(nginx, 'exit');
    await browser?.[Symbol.asyncDispose]();
    await fleet?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  async function enter(path: string): Promise<Page> {
    const page = await browser.open(`https://${NAME}:${port}${path}`);
    await page.getByLabel('Token', { exact: true }).fill(token);
    await page.keyboard.press('Enter');
    await page.getByRole('navigation').first().waitFor();
    return page;
  }

  test('a command runs on a drone, both by way of it', async () => {
    const run = await fleet.skep(['run', '--', 'echo from afar'], { env });
    expect([run.exitCode, run.stdout]).toEqual([0, 'from afar\n']);
    expect(run.stderr).toContain(`${url}/jobs/`);
  }, 30_000);

  test('a link to a job leads to its live output, and links lead on, never out of the path', async () => {
    const submitted = await fleet.skep(['run', '--detach', '--', 'echo first; sleep 60'], { env });
    const id = String(submitted.stdout).trim();
    expect(id).toMatch(/^[\w-]+$/);
    const page = await browser.open('about:blank');
    const asked: string[] = [];
    page.context().on('request', (request) => asked.push(request.url()));
    const live = await page.context().newPage();
    live.on('websocket', (socket) => asked.push(socket.url()));
    await live.goto(`https://${NAME}:${port}/skep/jobs/${id}`);
    await live.getByLabel('Token', { exact: true }).fill(token);
    await live.keyboard.press('Enter');
    await live.getByText('first', { exact: true }).waitFor();
    await live.keyboard.press('Delete');
    await live.getByRole('button', { name: 'Cancel the job' }).click();
    await live.getByText(/^Cancelled/).waitFor();
    await live.getByRole('link', { name: 'Jobs' }).first().click();
    await live.getByRole('row', { name: /echo first/ }).waitFor();
    expect(new URL(live.url()).pathname).toBe('/skep/jobs');
    expect(asked.some((address) => address.startsWith(`wss://${NAME}:${port}/skep/socket.io/`))).toBe(true);
    expect(asked.filter((address) => !address.includes(`//${NAME}:${port}/skep/`))).toEqual([]);
  }, 30_000);

  test.each(['/skep', '/skep/', '/skep/jobs/new', '/skep/settings/system', '/skep/drones/'])('%s is a page', async (path) => {
    const page = await enter(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe(path === '/skep' ? '/skep/' : path);
  });

  test('a project may have a slash in its name', async () => {
    await fleet.skep(['run', '--project', 'acme/site', '--', 'true'], { env });
    const page = await browser.open(`https://${NAME}:${port}/skep/healthz`);
    const asked = `fetch('/skep/api/projects/acme%2Fsite?limit=1', { headers: { authorization: 'Bearer ${token}' } })`;
    expect(await page.evaluate(`${asked}.then((it) => it.json())`)).toMatchObject({ project: 'acme/site' });
  });

  test('pages of other names are refused', async () => {
    const page = await browser.open(`https://127.0.0.1:${port}/skep/healthz`);
    const status = await page.evaluate(
      `fetch('https://${NAME}:${port}/skep/api/jobs', { headers: { authorization: 'Bearer ${token}' } }).then((it) => it.status, String)`,
    );
    expect(status).toMatch(/Failed to fetch/);
  });
});

/** The server of the documentation, at another port, with a certificate of its own. */
async function configuration(folder: string, port: number, queen: string): Promise<string> {
  const [, documented = ''] = /```nginx\n([\s\S]*?)```/.exec(await readFile(docs, 'utf8')) ?? [];
  const server = documented
    .replace('listen 443', `listen 127.0.0.1:${port}`)
    .replace('127.0.0.1:7874', queen)
    .replace(/ssl_certificate .*/, `ssl_certificate ${folder}/cert.pem;`)
    .replace(/ssl_certificate_key .*/, `ssl_certificate_key ${folder}/key.pem;`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`);
  return `daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
pid ${folder}/nginx.pid;
events {}
http {
access_log off;
${temporary.join('\n')}
${server}
}`;
}

async function makeCertificate(folder: string): Promise<void> {
  const names = `subjectAltName=DNS:${NAME},IP:127.0.0.1`;
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
  await promisify(execFile)('openssl', [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    `/CN=${NAME}`,
    '-addext',
    names,
    ...files,
  ]);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
