/** What stands in a view in place of a secret. */
export const MASK = '●●●';

/** Names under which plugins are given what nobody else may know. */
const SECRET_NAME = /pass(word|phrase)?$|secret|token|auth$|(api|priv|private|access)_?key/i;

/**
 * A configuration in which `change` was made to every secret: to each text below a name that is one of a secret, at any
 * depth, but for a `type` or `username` there.
 */
export function mapSecrets<T>(config: T, change: (secret: string) => string): T {
  return mapBelow(config, change, false) as T;
}

function mapBelow(value: unknown, change: (secret: string) => string, isSecret: boolean): unknown {
  if (typeof value === 'string') return isSecret ? change(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => mapBelow(each, change, isSecret));
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      name === 'type' || name === 'username' ? each : mapBelow(each, change, isSecret || SECRET_NAME.test(name)),
    ]),
  );
}
