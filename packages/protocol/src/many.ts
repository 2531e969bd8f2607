import * as z from 'zod';

/** The most messages that go together in one. */
export const MANY_MESSAGES = 256;
/** About how many characters of JSON they may have together, so that no limit of a message is near. */
const MANY_CHARS = 32 * 1024;
/** About what a number, a bracket or a comma takes. */
const VALUE_CHARS = 8;

const ManyMessage = z.tuple([z.string().max(100)], z.unknown());

/** What `many` carries: messages that each are what they would be alone, in their order. */
export const ManyMessages = z.array(ManyMessage).max(MANY_MESSAGES).meta({
  id: 'ManyMessages',
  description: '`[event, ...args]` of each message, in order: each is what it would be alone.',
});

/** A message on its way out. */
export interface Spoken {
  readonly name: string;
  readonly args: readonly unknown[];
  /** Called with the answer, where one is asked for. */
  readonly answered?: ((answer: unknown) => void) | undefined;
}

/**
 * Gathers what is said to one peer in one turn, so that it leaves in few messages: each costs both sides more than what is
 * in it. Order is kept. What holds bytes or is large goes alone, as a message of its own gains nothing from company.
 */
export class Gathering {
  #messages: Spoken[] = [];
  #chars = 0;

  /**
   * @param say sends these messages, at least one, in the form that the peer takes
   * @param soon calls when the present turn is over, without any delay
   */
  constructor(
    private readonly say: (messages: readonly Spoken[]) => void,
    private readonly soon: (call: () => void) => void,
  ) {}

  add(message: Spoken): void {
    const chars = charsOf(message.args);
    if (this.#chars + chars > MANY_CHARS || this.#messages.length === MANY_MESSAGES) this.flush();
    if (this.#messages.length === 0) this.soon(() => this.flush());
    this.#messages.push(message);
    this.#chars += chars;
  }

  /** Says at once what has gathered. */
  flush(): void {
    const messages = this.#messages;
    this.#messages = [];
    this.#chars = 0;
    if (messages.length > 0) this.say(messages);
  }

  /** Forgets what has gathered: whom it was for is gone. */
  clear(): void {
    this.#messages = [];
    this.#chars = 0;
  }
}

/** Says messages to a peer that takes `many`: one as it is, several together. All of them are to be answered, or none. */
export function sayMany(messages: readonly Spoken[], emit: (message: Spoken) => void): void {
  const [first] = messages;
  if (first && messages.length === 1) {
    emit(first);
    return;
  }
  const answered = (answers: unknown): void => {
    // What is refused as a whole is refused for each.
    for (const [index, message] of messages.entries()) message.answered?.(Array.isArray(answers) ? answers[index] : answers);
  };
  emit({ name: 'many', args: [messages.map(({ name, args }) => [name, ...args])], ...(first?.answered && { answered }) });
}

/** The messages that came in a `many`; what is none is left out. */
export const messagesIn = (raw: unknown): [name: string, ...args: unknown[]][] =>
  Array.isArray(raw) ? raw.filter((each) => Array.isArray(each) && typeof each[0] === 'string') : [];

/** About how many characters a value has as JSON; Infinity if they are too many to go together with others, or if it holds bytes. */
function charsOf(message: readonly unknown[]): number {
  let chars = 0;
  const visit = (value: unknown): void => {
    chars += typeof value === 'string' ? value.length : VALUE_CHARS;
    if (typeof value !== 'object' || value === null || chars > MANY_CHARS) return;
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) chars = Number.POSITIVE_INFINITY;
    else if (Array.isArray(value)) for (const each of value) visit(each);
    else
      for (const key in value) {
        chars += key.length;
        visit((value as Record<string, unknown>)[key]);
      }
  };
  visit(message);
  return chars > MANY_CHARS ? Number.POSITIVE_INFINITY : chars;
}
