import type { Random } from './Random.js';

/** A piece of a message that stands as it is in its JSON; what no value can be written as. */
export class Json {
  constructor(readonly text: string) {}
}

const nested = (levels: number, open: string, close: string): Json => new Json(open.repeat(levels) + close.repeat(levels));
const deepArray = nested(10_000, '[', ']');
const deepObject = new Json(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`);
const manyValues = new Json(`[${'0,'.repeat(50_000)}0]`);
const longText = 'x'.repeat(300_000);

/** Values that stand where others are expected. The costly ones are rare: see `strange`. */
const cheap: readonly unknown[] = [
  ...[null, true, false, 0, -1, 1.5, -0, 1e308, 2 ** 31, 2 ** 53, -(2 ** 53), '', ' ', '0', '\0', '\u202e', '\ufeff', 'x'.repeat(300)],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', '../../etc/passwd', "'; drop table job; --", '%s%n', 'NaN'],
  ...[[], {}, [[]], [null], { length: 1e9 }, { toJSON: 1 }, { constructor: { prototype: 1 } }],
  // A lone surrogate, numbers beyond all bounds, and keys that JSON can hold and a literal cannot.
  ...[
    '"\\ud800"',
    '"\\udc00a"',
    '1e999',
    '-1e999',
    '0.1e-999',
    '{"__proto__":{"id":"x"}}',
    '{"__proto__":null}',
    '{"then":1}',
    '{"_placeholder":true,"num":0}',
  ].map((text) => new Json(text)),
];
const costly: readonly unknown[] = [deepArray, deepObject, manyValues, longText];
const keys = ['__proto__', 'constructor', 'prototype', 'toString', 'length', 'then', 'toJSON', '', 'x'.repeat(300), '\ud800', 'id', '0'];

export function strange(random: Random): unknown {
  return random.chance(0.002) ? random.pick(costly) : copyOf(random.pick(cheap));
}

interface Place {
  container: Record<string, unknown> | unknown[];
  key: string | number;
}

/** A copy of a value with one to three places in it made wrong: replaced, removed, doubled, added to. */
export function mutate(value: unknown, random: Random): unknown {
  const root = { value: copyOf(value) };
  for (let count = 1 + random.below(3); count > 0; count--) {
    const places: Place[] = [{ container: root, key: 'value' }];
    if (isContainer(root.value)) gather(root.value, places);
    mutatePlace(random.pick(places), random);
  }
  return root.value;
}

function mutatePlace({ container, key }: Place, random: Random): void {
  const inner: unknown = Reflect.get(container, key);
  const kind = random.below(6);
  if (kind === 0 && Array.isArray(container)) container.splice(Number(key), 1);
  else if (kind === 0) Reflect.deleteProperty(container, key);
  else if (kind === 1 && Array.isArray(container)) container.splice(Number(key), 0, strange(random));
  else if (kind === 2 && Array.isArray(inner)) inner.push(strange(random));
  else if (kind === 2 && isObject(inner)) define(inner, random.pick(keys), strange(random));
  else if (kind === 3) define(container, key, random.chance(0.5) ? [inner] : { value: inner });
  else define(container, key, strange(random));
}

/** Also where the key is `__proto__`: as JSON.parse does it. */
const define = (container: object, key: string | number, value: unknown): unknown =>
  Object.defineProperty(container, key, { value, enumerable: true, configurable: true, writable: true });

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) && !(value instanceof Json);

const isContainer = (value: unknown): value is Record<string, unknown> | unknown[] => Array.isArray(value) || isObject(value);

function gather(container: Record<string, unknown> | unknown[], places: Place[]): void {
  for (const [key, inner] of Object.entries(container)) {
    places.push({ container, key });
    if (isContainer(inner)) gather(inner, places);
  }
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copyOf(inner)]));
}

/** The JSON of a value, with the bytes in it taken out as Socket.IO does it. */
export function toJson(value: unknown, attachments: Uint8Array[]): string {
  if (value instanceof Json) return value.text;
  if (value instanceof Uint8Array) {
    attachments.push(value);
    return `{"_placeholder":true,"num":${attachments.length - 1}}`;
  }
  if (Array.isArray(value)) return `[${value.map((each) => toJson(each, attachments)).join()}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? 'null';
  return `{${Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .map(([key, inner]) => `${JSON.stringify(key)}:${toJson(inner, attachments)}`)
    .join()}}`;
}
