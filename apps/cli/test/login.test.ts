import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Fleet, type Server, serverOf, startFleet } from './helpers/startFleet.js';

describe('a queen that asks for tokens', () => {
  let fleet: Fleet;
  let queen: Server;
  let url: string;
  let admin: string;

  beforeAll(async () => {
    fleet = await startFleet();
    queen = serverOf(fleet.skep(['queen', '--host', '0.0.0.0', '--port', '0', '--data', join(fleet.folder, 'open')]));
    const [, port] = await queen.said(/ready at http:\/\/0\.0\.0\.0:(\d+)/);
    [, admin = ''] = await queen.said(/token, shown only this once: (\S+)/);
    url = `http://127.0.0.1:${port}`;
  });

  afterAll(async () => {
    queen?.process.kill('SIGTERM');
    await queen?.process;
    await fleet?.[Symbol.asyncDispose]();
  });

  /** Without the address that the fleet's own queen has in the environment. */
  const skep = (args: readonly string[], input = '') => fleet.skep(args, { env: { SKEP_QUEEN: '' }, stdin: 'pipe', input });
  const path = () => join(fleet.folder, 'config', 'skep', 'logins.json');

  test('and her token are remembered, for this user alone, until they are forgotten', async () => {
    expect(await skep(['login', url], 'wrong\n')).toMatchObject({
      exitCode: 4,
      stderr: expect.stringMatching(/does not know this token\ntry: /),
    });
    expect(await skep(['login', url])).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('no token was given') });
    expect(await skep(['login', `${url}/`], `${admin}\n`)).toMatchObject({
      exitCode: 0,
      stderr: `skep: logged in to ${url}, scope admin\n`,
    });
    expect((await stat(path())).mode & 0o777).toBe(0o600);
    expect(await skep(['jobs'])).toMatchObject({ exitCode: 0 });
    expect(JSON.parse(String((await skep(['config', '--json'])).stdout))).toMatchObject({
      queen: { value: url, from: path() },
      token: { value: '●●●', from: path() },
    });
    const drone = String((await skep(['token', 'add', 'builder'])).stdout).trim();
    expect(await skep(['login', '--token', drone])).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('scope drone') });
    expect(await skep(['logout'])).toMatchObject({ exitCode: 0, stderr: `skep: ${url} is forgotten\n` });
    expect(JSON.parse(await readFile(path(), 'utf8'))).toEqual({ tokens: {} });
    expect(await skep(['logout', url])).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('nothing is known') });
  });

  test('is not shown the token of another one', async () => {
    await skep(['login', url], admin);
    expect(await skep(['config', '--json', '--queen', 'http://127.0.0.1:9'])).toMatchObject({
      stdout: expect.stringMatching(/"token":\{"value":null/),
    });
  });

  test('is looked at by doctor, and so is the machine', async () => {
    const findings = async (...args: string[]) => {
      const { stdout, exitCode } = await skep(['doctor', '--json', '--data', join(fleet.folder, 'would-be'), ...args]);
      const lines = String(stdout).trim().split('\n');
      return { exitCode, states: Object.fromEntries(lines.map((line) => JSON.parse(line)).map(({ what, state }) => [what, state])) };
    };
    const machine = { 'data folder': 'ok', disk: 'ok', git: 'ok', hg: expect.stringMatching(/ok|note/) };
    expect(await findings('--queen', url, '--token', admin)).toEqual({
      exitCode: 0,
      states: { queen: 'ok', version: 'ok', clock: 'ok', token: 'ok', sockets: 'ok', drones: 'note', ...machine },
    });
    expect(await findings('--queen', url, '--token', 'wrong')).toEqual({
      exitCode: 1,
      states: { queen: 'ok', version: 'ok', clock: 'ok', token: 'wrong', ...machine },
    });
    expect(await findings('--queen', 'http://127.0.0.1:9')).toEqual({ exitCode: 1, states: { queen: 'wrong', ...machine } });
    await writeFile(join(fleet.folder, 'file'), '');
    const { stdout } = await skep(['doctor', '--queen', url, '--token', admin, '--data', join(fleet.folder, 'file', 'x')]);
    expect(stdout).toMatch(/^✗ data folder +.*ENOTDIR[^\n]*\n +try: give another with --data or SKEP_DATA$/m);
  });
});

test('a queen that asks for no token is remembered without one', async () => {
  await using fleet = await startFleet();
  expect(await fleet.skep(['login', fleet.url])).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('asks for no token') });
  expect(await fleet.skep(['jobs'], { env: { SKEP_QUEEN: '' } })).toMatchObject({ exitCode: 0 });
});
