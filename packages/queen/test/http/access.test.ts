import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { openSqliteStore, type Store } from '@skep/store';
import { type AccessOptions, bearerToken, createAccess } from '../../src/http/access.js';
import { createLinks } from '../../src/http/links.js';
import { createNames } from '../../src/http/names.js';
import { createSeals, openSeals } from '../../src/seals.js';
import { createTickets } from '../../src/tickets.js';

const code = (check: () => unknown): string => {
  try {
    check();
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('names', () => {
  const configured = { host: 'queen.lan', hosts: ['ci.example.org'], origins: ['https://ui.example.org'] };

  test.each([
    ['localhost:7874', undefined, 'ok'],
    ['127.0.0.1', undefined, 'ok'],
    ['[::1]:7874', undefined, 'ok'],
    ['QUEEN.lan:7874', undefined, 'ok'],
    ['ci.example.org', undefined, 'ok'],
    ['evil.example.org', undefined, 'HOST_REFUSED'],
    ['localhost.evil.example.org', undefined, 'HOST_REFUSED'],
    ['localhost@evil.example.org', undefined, 'HOST_REFUSED'],
    ['localhost:80:80', undefined, 'HOST_REFUSED'],
    ['10.0.0.7:7874', undefined, 'HOST_REFUSED'],
    ['', undefined, 'HOST_REFUSED'],
    [undefined, undefined, 'HOST_REFUSED'],
    ['localhost:7874', 'http://localhost:7874', 'ok'],
    ['ci.example.org', 'https://ci.example.org', 'ok'],
    ['localhost:7874', 'https://ui.example.org', 'ok'],
    ['localhost:7874', 'https://ui.example.org/', 'ok'],
    ['localhost:7874', 'http://ui.example.org', 'ORIGIN_REFUSED'],
    ['localhost:7874', 'http://localhost:9999', 'ORIGIN_REFUSED'],
    ['localhost:7874', 'http://127.0.0.1:7874', 'ORIGIN_REFUSED'],
    ['localhost:7874', 'null', 'ORIGIN_REFUSED'],
    ['localhost:7874', '', 'ORIGIN_REFUSED'],
    ['localhost:7874', 'file://', 'ORIGIN_REFUSED'],
  ])('a visitor of %s from %s: %s', (host, origin, expected) => {
    expect(code(() => createNames(configured).check({ host, origin }))).toBe(expected);
  });

  test.each([
    ['0.0.0.0', '10.0.0.7:7874', 'ok'],
    ['::', '[fd00::7]:7874', 'ok'],
    ['0.0.0.0', 'evil.example.org', 'HOST_REFUSED'],
    ['10.0.0.7', '10.0.0.7:7874', 'ok'],
    ['10.0.0.7', '10.0.0.8:7874', 'HOST_REFUSED'],
    ['fd00::7', '[fd00::7]:7874', 'ok'],
  ])('a queen that listens on %s, asked for as %s: %s', (host, asked, expected) => {
    expect(code(() => createNames({ host, hosts: [], origins: [] }).check({ host: asked, origin: undefined }))).toBe(expected);
  });
});

test.each([
  ['Bearer skep_x', 'skep_x'],
  ['bearer  skep_x ', 'skep_x'],
  ['Basic c2tlcDp4', undefined],
  ['Bearer', undefined],
  ['Bearer a b', undefined],
  [undefined, undefined],
])('the token of %s is %s', (header, token) => {
  expect(bearerToken(header)).toBe(token);
});

describe('tokens', () => {
  let dataDir: string;
  let store: Store;
  let nowMs = 1000;
  const tickets = createTickets(createSeals(Buffer.alloc(32, 1)));
  const open = (options: Partial<AccessOptions> = {}) =>
    createAccess({ store, host: 'queen.lan', hosts: [], origins: [], tokenRequired: true, tickets, now: () => nowMs++, ...options });
  const visitor = (token: string | undefined) => ({ host: 'queen.lan', origin: undefined, token });

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'skep-access-'));
    store = await openSqliteStore({ dataDir });
  });

  afterEach(async () => {
    await store.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  test('an admin token opens everything, a drone token only what drones do', async () => {
    const access = await open();
    const admin = (await access.addToken('a', 'admin')).token;
    const drone = (await access.addToken('d', 'drone')).token;
    expect(admin).toMatch(/^skep_[\w-]{43}$/);
    const tried = [admin, drone, `${drone}x`, '', undefined].map((token) =>
      (['admin', 'drone'] as const).map((scope) => code(() => access.check({ ...visitor(token), scope }))),
    );
    expect(tried).toEqual([
      ['ok', 'ok'],
      ['FORBIDDEN', 'ok'],
      ['UNAUTHENTICATED', 'UNAUTHENTICATED'],
      ['UNAUTHENTICATED', 'UNAUTHENTICATED'],
      ['UNAUTHENTICATED', 'UNAUTHENTICATED'],
    ]);
  });

  test('a ticket opens what takes tickets and tells whose it is, with tokens and without; a false one opens nothing', async () => {
    const holder = { id: 'job-1', attempt: 2, lease: 3 };
    const ticket = tickets.of(holder);
    const altered = `${ticket.slice(0, -4)}${ticket.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`;
    const foreign = createTickets(createSeals(Buffer.alloc(32, 2))).of(holder);
    for (const tokenRequired of [true, false]) {
      const access = await open({ tokenRequired });
      expect(access.checkTicket({ ...visitor(ticket), scope: 'drone' })).toEqual(holder);
      for (const wrong of [altered, foreign, 'skept_', 'skept_.'])
        expect(code(() => access.checkTicket({ ...visitor(wrong), scope: 'drone' }))).toBe('UNAUTHENTICATED');
      expect(code(() => access.checkTicket({ ...visitor(ticket), host: 'evil.example.org', scope: 'drone' }))).toBe('HOST_REFUSED');
    }
    const access = await open();
    expect(code(() => access.check({ ...visitor(ticket), scope: 'drone' }))).toBe('FORBIDDEN');
    const { token } = await access.addToken('d', 'drone');
    expect(access.checkTicket({ ...visitor(token), scope: 'drone' })).toBeUndefined();
    expect(code(() => access.checkTicket({ ...visitor(token), scope: 'admin' }))).toBe('FORBIDDEN');
  });

  test('tickets outlive a restart of the queen', async () => {
    const holder = { id: 'job-1', attempt: 2, lease: 3 };
    const ticket = createTickets(await openSeals(dataDir)).of(holder);
    expect(createTickets(await openSeals(dataDir)).read(ticket)).toEqual(holder);
  });

  test('where none is needed, none and even a wrong one will do, but not under any name', async () => {
    const access = await open({ tokenRequired: false });
    expect(code(() => access.check({ ...visitor('wrong'), scope: 'admin' }))).toBe('ok');
    expect(code(() => access.check({ ...visitor(undefined), host: 'evil.example.org', scope: 'admin' }))).toBe('HOST_REFUSED');
    expect(await access.ensureAdminToken()).toBeUndefined();
  });

  test('the admin token is made once, at the first start', async () => {
    const token = await (await open()).ensureAdminToken();
    const later = await open();
    expect(await later.ensureAdminToken()).toBeUndefined();
    expect(code(() => later.check({ ...visitor(token), scope: 'admin' }))).toBe('ok');
    await later.dropToken('admin');
    await later.addToken('admin', 'drone');
    expect(await later.ensureAdminToken()).toMatch(/^skep_/);
  });

  test('tokens outlive a restart, and the store never knows their secrets', async () => {
    const { token } = await (await open()).addToken('d', 'drone');
    expect(JSON.stringify(await store.tokens())).not.toContain(token);
    const later = await open();
    expect(later.tokens()).toEqual([{ name: 'd', scope: 'drone', created: expect.any(Number) }]);
    expect(code(() => later.check({ ...visitor(token), scope: 'drone' }))).toBe('ok');
  });

  test('a token that was taken back opens nothing, and its name is free again', async () => {
    const access = await open();
    const { token } = await access.addToken('d', 'drone');
    await expect(access.addToken('d', 'admin')).rejects.toMatchObject({ code: 'TOKEN_EXISTS' });
    await access.dropToken('d');
    expect(code(() => access.check({ ...visitor(token), scope: 'drone' }))).toBe('UNAUTHENTICATED');
    await expect(access.dropToken('d')).rejects.toMatchObject({ code: 'TOKEN_NOT_FOUND' });
    await access.addToken('d', 'admin');
  });

  test('of two made at once under one name, one is made', async () => {
    const access = await open();
    const made = await Promise.allSettled([access.addToken('d', 'drone'), access.addToken('d', 'admin')]);
    expect(made.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(access.tokens()).toMatchObject([{ name: 'd', scope: 'drone' }]);
  });
});

describe('a link', () => {
  let nowMs = 1000;
  const links = createLinks(createSeals(Buffer.alloc(32, 1)), () => nowMs);
  const { address, until } = links.to('/api/jobs/a%20b/artifacts/x%2By.html?attempt=1');

  test.each([
    ['as it was made', address, true],
    ['as a proxy may write it', address.replace('a%20b', '%61%20b').replace('x%2By', 'x+y'), true],
    ['to another artifact', address.replace('y.html', 'z.html'), false],
    ['to another attempt', address.replace('attempt=1', 'attempt=2'), false],
    ['that asks for more', address.replace('?', '?redirect&'), false],
    ['that lasts longer', address.replace(String(until), String(until + 1)), false],
    ['without its seal', address.replace(/&seal=.*/, ''), false],
    ['with another seal', address.replace(/seal=.*/, 'seal=AAAA'), false],
    ['of another queen', createLinks(createSeals(Buffer.alloc(32, 2)), () => nowMs).to('/api/jobs/a').address, false],
  ])('%s', (_, link, isOpen) => {
    nowMs = 1000;
    expect(links.isOpen(link)).toBe(isOpen);
  });

  test('leads nowhere when its time is over', () => {
    nowMs = until - 1;
    expect(links.isOpen(address)).toBe(true);
    nowMs = until;
    expect(links.isOpen(address)).toBe(false);
  });
});
