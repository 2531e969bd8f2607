import type { Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import type { z } from 'zod';

/** A line without an end beyond this is not one of ours. */
const MAX_LINE_CHARS = 64 * 1024 * 1024;

/** Messages over a stream socket, one line of JSON each. A message that its schema does not know ends the connection. */
export class JsonLines<In, Out> {
  readonly #socket: Socket;
  #rest = '';

  constructor(socket: Socket, schema: z.ZodType<In>, take: (message: In) => void) {
    this.#socket = socket;
    const decoder = new StringDecoder('utf8');
    socket.on('data', (bytes) => {
      const lines = (this.#rest + decoder.write(bytes)).split('\n');
      this.#rest = lines.pop() ?? '';
      if (this.#rest.length > MAX_LINE_CHARS) socket.destroy();
      for (const line of lines) {
        const message = parse(schema, line);
        if (message === undefined) return void socket.destroy();
        take(message);
      }
    });
    // Whatever goes wrong is followed by 'close', which is what everybody listens to.
    socket.on('error', () => socket.destroy());
  }

  /** Whether the other side reads slower than we write. */
  get isCongested(): boolean {
    return this.#socket.writableNeedDrain;
  }

  send(message: Out): void {
    if (!this.#socket.destroyed) this.#socket.write(`${JSON.stringify(message)}\n`);
  }
}

function parse<T>(schema: z.ZodType<T>, line: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
