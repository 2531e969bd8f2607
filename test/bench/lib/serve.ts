/** What a party can be asked to do, by name: each with one argument that can be cloned, and an answer that can be too. */
export type Skills = Record<string, (argument: never) => unknown>;

/** What the bench asks of a party. */
export interface Wish {
  id: number;
  name: string;
  argument: unknown;
}

/** What the party answers. */
export type Reply = { id: number; value: unknown } | { id: number; error: string };

/**
 * Has this process do what the bench asks of it, until the bench is gone.
 * @param leave ends what would outlive this process
 */
export function serve(skills: Skills, leave?: () => Promise<void>): void {
  process.on('message', ({ id, name, argument }: Wish) => {
    void answer(skills, name, argument).then(
      (value) => process.send?.({ id, value } satisfies Reply),
      (error: unknown) =>
        process.send?.({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) } satisfies Reply),
    );
  });
  // An exit of its own, not a signal: only then a profile is written.
  process.once('disconnect', () => void Promise.resolve(leave?.()).finally(() => process.exit()));
}

async function answer(skills: Skills, name: string, argument: unknown): Promise<unknown> {
  const skill = skills[name];
  if (!skill) throw new Error(`This party cannot ${name}`);
  return skill(argument as never);
}
