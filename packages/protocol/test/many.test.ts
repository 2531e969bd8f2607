import { describe, expect, test } from '@jest/globals';
import { Gathering, MANY_MESSAGES, messagesIn, type Spoken, sayMany } from '@skep/protocol';

/** A gathering whose turns end when the test says so. */
function aGathering() {
  const said: string[][] = [];
  const ends: (() => void)[] = [];
  const gathering = new Gathering(
    (messages) => said.push(messages.map(({ name }) => name)),
    (call) => ends.push(call),
  );
  const endTurn = (): void => {
    for (const end of ends.splice(0)) end();
  };
  return { said, endTurn, add: (name: string, ...args: unknown[]) => gathering.add({ name, args }), gathering };
}

describe('what is said in one turn', () => {
  test('leaves together at its end, in order, and nothing before', () => {
    const { said, add, endTurn } = aGathering();
    add('a', { id: 1 });
    add('b');
    expect(said).toEqual([]);
    endTurn();
    add('c');
    endTurn();
    endTurn();
    expect(said).toEqual([['a', 'b'], ['c']]);
  });

  test.each([
    ['holds bytes', { output: Buffer.from('x') }],
    ['is large', 'x'.repeat(40_000)],
    ['is large in its names', { ['x'.repeat(40_000)]: 1 }],
    ['has very many values', Array.from({ length: 40_000 }, () => 0)],
  ])('leaves alone if it %s, and in its place', (_, large) => {
    const { said, add, endTurn } = aGathering();
    add('a');
    add('b');
    add('large', large);
    add('c');
    endTurn();
    expect(said).toEqual([['a', 'b'], ['large'], ['c']]);
  });

  test('leaves in more messages where it is much, or many', () => {
    const { said, add, endTurn } = aGathering();
    for (let n = 0; n < 5; n++) add('a', 'x'.repeat(15_000));
    for (let n = 0; n < MANY_MESSAGES + 1; n++) add('b');
    endTurn();
    expect(said.map(({ length }) => length)).toEqual([2, 2, MANY_MESSAGES, 2]);
  });

  test('is forgotten where whom it was for is gone', () => {
    const { said, add, endTurn, gathering } = aGathering();
    add('a');
    gathering.clear();
    endTurn();
    expect(said).toEqual([]);
  });
});

describe('several messages', () => {
  const emitted = (messages: Spoken[]): Spoken[] => {
    const out: Spoken[] = [];
    sayMany(messages, (message) => out.push(message));
    return out;
  };

  test('are one, which says them all; a single one is what it is', () => {
    const [a, b] = [
      { name: 'a', args: [1] },
      { name: 'b', args: [] },
    ];
    expect(emitted([a, b])).toEqual([{ name: 'many', args: [[['a', 1], ['b']]] }]);
    expect(emitted([a])).toEqual([a]);
    expect(messagesIn([['a', 1], ['b'], 'c', [2], null])).toEqual([['a', 1], ['b']]);
    expect(messagesIn('many')).toEqual([]);
  });

  test.each([
    ['each with its own', [1, 2], [1, 2]],
    ['all with the refusal of the whole', { error: 'no' }, [{ error: 'no' }, { error: 'no' }]],
    ['with none where there are too few', [1], [1, undefined]],
  ])('are answered %s', (_, answer, each) => {
    const answers: unknown[] = [];
    const [many] = emitted(['a', 'b'].map((name, index) => ({ name, args: [], answered: (given) => (answers[index] = given) })));
    many?.answered?.(answer);
    expect(answers).toEqual(each);
  });
});
