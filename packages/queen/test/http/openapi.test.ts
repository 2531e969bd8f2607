import { expect, test } from '@jest/globals';
import { openApiOf } from '../../src/http/openapi.js';
import { routes } from '../../src/http/routes.js';

const document = openApiOf(
  routes.filter(({ path }) => path.startsWith('/api')),
  '1.2.3',
) as {
  paths: Record<
    string,
    Record<string, { operationId: string; parameters: { name: string; in: string; required: boolean }[]; responses: object }>
  >;
  components: { schemas: Record<string, unknown> };
};
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.values(methods).map((operation) => ({ path, ...operation })),
);

test('every reference leads to a schema', () => {
  const text = JSON.stringify(document);
  const referred = new Set([...text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name));
  expect(referred.size).toBeGreaterThan(20);
  expect(Object.keys(document.components.schemas).toSorted()).toEqual([...referred].toSorted());
  expect(text).not.toContain('$defs');
});

test('every operation has a name of its own, and every part of its address is described', () => {
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  for (const { path, parameters } of operations) {
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(named);
  }
});

test('what may be left out is not required', () => {
  const output = document.paths['/api/jobs/{id}/output']?.get;
  expect(output?.parameters.map(({ name, required }) => [name, required])).toEqual([
    ['id', true],
    ...['attempt', 'cursor', 'lines', 'bytes', 'command', 'stream', 'format', 'follow'].map((name) => [name, false]),
  ]);
});
