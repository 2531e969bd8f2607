import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Job } from '@skep/protocol';
import { create } from 'tar';
import { aFolder, type Running, runJob } from '../executor/helpers.js';

let server: Server;
let answer: RequestListener;
const asked: IncomingMessage[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const url = (name = 'x.tar.gz', credentials = ''): string =>
  `http://${credentials}127.0.0.1:${(server.address() as AddressInfo).port}/${name}`;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const show = { test: ['find . -mindepth 1 | sort; cat file.txt 2>/dev/null; echo "commit $SKEP_COMMIT"'] };

/** An archive of a folder that is made for it. */
async function anArchive(folder: string, fill: (top: string) => void, prefix = ''): Promise<Buffer> {
  const source = join(folder, 'source');
  mkdirSync(source);
  fill(source);
  const file = join(folder, 'made.tar.gz');
  await create({ file, cwd: source, gzip: true, preservePaths: true, ...(prefix && { prefix }) }, readdirSync(source));
  return readFileSync(file);
}

const aFile = (top: string): void => writeFileSync(join(top, 'file.txt'), 'hello\n');

/** Gives bytes whole to whoever asks. */
const giving =
  (bytes: Uint8Array): RequestListener =>
  (_, response) =>
    response.end(bytes);

async function build(data: string, job: Job['repo'], more: Job = {}): Promise<Running> {
  asked.length = 0;
  return runJob({ phases: show, ...more, repo: { ...job!, vcs: 'tarball' } }, data);
}

describe('a tarball', () => {
  test('is unpacked where the commands run, without the one folder that holds it all; its digest is the commit', async () => {
    await using folder = await aFolder();
    const bytes = await anArchive(folder.path, aFile, 'project-1.0');
    answer = giving(bytes);
    const attempt = await build(join(folder.path, 'data'), {
      url: url('x.tar.gz', 'me:secret-word@'),
      sha256: sha256(bytes).toUpperCase(),
    });
    expect(attempt.output('stdout')).toBe(`./file.txt\nhello\ncommit ${sha256(bytes)}\n`);
    expect(attempt.story[3]).toBe(`cmd:start 0 unpack ${url()}`);
    expect(asked.map(({ headers }) => headers.authorization)).toEqual([`Basic ${Buffer.from('me:secret-word').toString('base64')}`]);
    expect(JSON.stringify(attempt.events)).not.toContain('secret-word');
  });

  test('of several entries is unpacked as it is, links within it too', async () => {
    await using folder = await aFolder();
    answer = giving(
      await anArchive(folder.path, (top) => {
        aFile(top);
        mkdirSync(join(top, 'sub'));
        symlinkSync('../file.txt', join(top, 'sub/link'));
      }),
    );
    const attempt = await build(join(folder.path, 'data'), { url: url() }, { phases: { test: ['cat sub/link'] } });
    expect(attempt.output('stdout')).toBe('hello\n');
  });

  test('that is cut on the way is asked for from there, if it is still the same', async () => {
    await using folder = await aFolder();
    const noise = Buffer.alloc(300_000, 0);
    for (let at = 0; at < noise.length; at += 32) createHash('sha256').update(`${at}`).digest().copy(noise, at);
    const bytes = await anArchive(folder.path, (top) => {
      aFile(top);
      writeFileSync(join(top, 'noise'), noise);
    });
    answer = ({ headers: { range } }, response) => {
      const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
      response.writeHead(range === undefined ? 200 : 206, { etag: '"one"', 'content-length': bytes.length - from });
      if (from >= 100_000) return response.end(bytes.subarray(from));
      return response.write(bytes.subarray(from, 120_000), () => response.destroy());
    };
    const attempt = await build(join(folder.path, 'data'), { url: url(), sha256: sha256(bytes) });
    expect(attempt.output('stdout')).toContain(`commit ${sha256(bytes)}\n`);
    expect(asked.length).toBeGreaterThan(1);
    expect(asked.at(-1)?.headers).toMatchObject({ 'if-range': '"one"', range: 'bytes=120000-' });
  });

  test.each<[string, RequestListener, object, RegExp]>([
    ['has another digest', giving(Buffer.from('x')), { sha256: '0'.repeat(64) }, /has the SHA-256 2d711642\S+, not 0{64}$/],
    ['is not there', (_, response) => response.writeHead(404).end(), {}, /answers 404 Not Found$/],
    ['is no archive', giving(Buffer.from('<html>not here</html>'.repeat(100))), {}, /is no archive that can be unpacked: /],
    ['is empty', giving(Buffer.alloc(0)), {}, /is no archive that can be unpacked: /],
  ])('that %s ends the attempt, and says so', async (_, listener, repo, words) => {
    await using folder = await aFolder();
    answer = listener;
    const attempt = await build(join(folder.path, 'data'), { url: url(), ...repo });
    expect(attempt.error).toEqual({ code: 'checkout-failed', message: expect.stringMatching(words) });
  });

  test.each<[string, (top: string) => void, string, RegExp]>([
    [
      'a link to a file of the machine',
      (top) => symlinkSync('/etc/passwd', join(top, 'link')),
      '',
      /link that leads out of it: link -> \/etc\/passwd$/,
    ],
    ['a link out of it', (top) => symlinkSync('../../up', join(top, 'link')), '', /link that leads out of it: link -> \.\.\/\.\.\/up$/],
    ['a path out of it', aFile, '../../away', /path that leads out of it: \.\.\/\.\.\/away\/file\.txt$/],
    ['a path from the root', aFile, '/skep-away', /path that leads out of it: \/skep-away\/file\.txt$/],
  ])('with %s is refused', async (_, fill, prefix, words) => {
    await using folder = await aFolder();
    answer = giving(await anArchive(folder.path, fill, prefix));
    const attempt = await build(join(folder.path, 'data'), { url: url() });
    expect(attempt.error).toEqual({ code: 'checkout-failed', message: expect.stringMatching(words) });
  });

  test('knows no refs, and lies at an http(s) address', async () => {
    await using folder = await aFolder();
    const data = join(folder.path, 'data');
    expect((await build(data, { url: url() }, { ref: { branch: 'main' } })).error).toMatchObject({
      message: expect.stringContaining('no branches'),
    });
    expect((await build(data, { url: 'file:///x.tar' })).error).toMatchObject({ message: expect.stringContaining('not at file:///x.tar') });
  });

  test('that is silent ends with the attempt', async () => {
    await using folder = await aFolder();
    answer = () => undefined;
    const attempt = await build(join(folder.path, 'data'), { url: url() }, { timeout: { job: 0.5 } });
    expect(attempt.error).toMatchObject({ code: 'timed-out' });
  });
});
