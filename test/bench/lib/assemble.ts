/** Has something kept until all of it is disposed of. */
export type Keep = <T extends AsyncDisposable>(part: T) => T;

/** Makes something of parts that are disposed of with it, the last one first; also if it cannot be made. */
export async function assemble<T extends object>(make: (keep: Keep) => Promise<T>): Promise<T & AsyncDisposable> {
  const parts: AsyncDisposable[] = [];
  const dispose = async (): Promise<void> => {
    for (const part of parts.splice(0).reverse()) await part[Symbol.asyncDispose]();
  };
  const keep: Keep = (part) => {
    parts.push(part);
    return part;
  };
  try {
    return Object.assign(await make(keep), { [Symbol.asyncDispose]: dispose });
  } catch (error) {
    await dispose();
    throw error;
  }
}
