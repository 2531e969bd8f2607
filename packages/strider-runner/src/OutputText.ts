import { StringDecoder } from 'node:string_decoder';
import type { AttemptEvent } from '@skep/protocol';

/** Puts characters together that were cut between two chunks of a command's output. */
export class OutputText {
  readonly #decoders = new Map<string, StringDecoder>();

  /** The event with text for bytes; the first bytes of a character stay here until the rest of it comes. */
  of(event: AttemptEvent): AttemptEvent {
    if (event.name !== 'job:cmd:stdout' && event.name !== 'job:cmd:stderr') return event;
    const [num, output] = event.args;
    if (typeof output === 'string') return event;
    const key = `${event.name} ${num}`;
    const decoder = this.#decoders.get(key) ?? new StringDecoder('utf8');
    this.#decoders.set(key, decoder);
    return { name: event.name, args: [num, decoder.write(Buffer.from(output.buffer, output.byteOffset, output.byteLength))] };
  }

  /** What is left of a command's characters when it has ended. */
  end(num: number): AttemptEvent[] {
    return (['job:cmd:stdout', 'job:cmd:stderr'] as const).flatMap((name) => {
      const rest = this.#decoders.get(`${name} ${num}`)?.end() ?? '';
      this.#decoders.delete(`${name} ${num}`);
      return rest === '' ? [] : [{ name, args: [num, rest] satisfies [number, string] }];
    });
  }
}
