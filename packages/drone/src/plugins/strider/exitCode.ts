/** The exit code in what a phase of Strider's gives to its callback as an error; none if it is an error of another kind. */
export function codeOf(error: unknown): number | undefined {
  if (typeof error === 'number') return error;
  if (typeof error !== 'object' || error === null) return undefined;
  const { type, code, exitCode } = error as { type?: unknown; code?: unknown; exitCode?: unknown };
  const found = exitCode ?? (type === 'exitCode' ? code : undefined);
  return typeof found === 'number' && Number.isInteger(found) && found !== 0 ? found : undefined;
}
