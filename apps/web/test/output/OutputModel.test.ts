import { describe, expect, test } from '@jest/globals';
import { LineStore } from '../../src/output/LineStore.js';
import { OutputModel } from '../../src/output/OutputModel.js';
import { textOfLine } from '../../src/output/readLine.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function write(model: OutputModel, command: number, text: string): void {
  model.append({ bytes: bytesOf(text), command, stream: 'stdout', at: 0 });
}

/** Two commands: the first ends without a line end, so its last line is also the second one's first. */
function aModel(): OutputModel {
  const model = new OutputModel();
  model.startPhase('test');
  model.startCommand(0, 'npm ci', 1000);
  write(model, 0, 'a\nb\nrest');
  model.endCommand(0, 0, null, 2000);
  model.startCommand(1, 'make', 2000);
  write(model, 1, ' of it\nc\nd');
  return model;
}

const shown = (model: OutputModel): string[] =>
  Array.from({ length: model.rows }, (_, index) => {
    const row = model.row(index);
    if (row?.kind === 'command') return `$ ${row.command.text}${row.isFolded ? ' +' : ''}`;
    if (row?.kind === 'gap') return `- ${row.gap.why}`;
    return row?.kind === 'line' ? `${row.line + 1} ${textOfLine(model.bytesOf(row))}` : `${(row?.line ?? 0) + 1} …`;
  });

test('rows are commands, and below each the lines that it wrote', () => {
  expect(shown(aModel())).toEqual(['$ npm ci', '1 a', '2 b', '3 rest', '$ make', '3  of it', '4 c', '5 d']);
});

test('a folded command keeps its row, and lines of it lead there', () => {
  const model = aModel();
  model.fold(0, true);
  expect(shown(model)).toEqual(['$ npm ci +', '$ make', '3  of it', '4 c', '5 d']);
  expect([model.rowOfLine(0), model.rowOfLine(3), model.rowOfCommand(1)]).toEqual([0, 3, 1]);
  model.fold(0, false);
  expect([0, 1, 3, 4].map((line) => model.rowOfLine(line))).toEqual([1, 2, 6, 7]);
});

test('a command that comes back has another row', () => {
  const model = aModel();
  write(model, 0, '\nlate\n');
  expect(shown(model).slice(-3)).toEqual(['$ npm ci', '5 ', '6 late']);
});

test('text from before the first command is shown as such', () => {
  const model = new OutputModel();
  write(model, -1, 'cloning\n');
  expect(shown(model)).toEqual(['$ [initializing]', '1 cloning']);
});

test('lines that are known but not loaded have rows, and those around a place are shown before the rest', () => {
  const model = new OutputModel();
  model.startCommand(0, 'make', 0);
  write(model, 0, '1\n2\n');
  model.expectLines(6);
  expect(shown(model)).toEqual(['$ make', '1 1', '2 2', '3 …', '4 …', '5 …', '6 …']);
  const ahead = new LineStore(8, 4);
  ahead.append({ bytes: bytesOf('5\n'), command: 0, stream: 'stderr', at: 7 });
  model.showAhead(ahead);
  expect(shown(model).slice(3)).toEqual(['3 …', '4 …', '5 5', '6 …']);
  expect(model.rowOfLine(4)).toBe(5);
  write(model, 0, '3\n4\n5\n6\n');
  expect(shown(model).slice(3)).toEqual(['3 3', '4 4', '5 5', '6 6']);
});

test('a command says how it ended and what it wrote', () => {
  const model = aModel();
  expect(model.commands.get(0)).toMatchObject({ text: 'npm ci', phase: 'test', startedAt: 1000, finishedAt: 2000, exitCode: 0 });
  expect([model.linesOf(0), model.linesOf(1)]).toEqual([[{ from: 0, to: 3 }], [{ from: 2, to: 5 }]]);
  expect([model.commandOfLine(1), model.commandOfLine(4)]).toEqual([0, 1]);
});

describe('where output is missing', () => {
  const gap = (firstByte: number, firstLine: number, why = 'lost') => ({ firstByte, firstLine, why });

  test.each<[string, ReturnType<typeof gap>[], string[]]>([
    ['between lines', [gap(2, 1)], ['$ npm ci', '1 a', '- lost', '2 b', '3 rest', '$ make', '3  of it', '4 c', '5 d']],
    ['within a line, below it', [gap(3, 1)], ['$ npm ci', '1 a', '2 b', '- lost', '3 rest', '$ make', '3  of it', '4 c', '5 d']],
    ['where a command has ended', [gap(8, 2)], ['$ npm ci', '1 a', '2 b', '3 rest', '- lost', '$ make', '3  of it', '4 c', '5 d']],
    ['at the very end', [gap(18, 4)], ['$ npm ci', '1 a', '2 b', '3 rest', '$ make', '3  of it', '4 c', '5 d', '- lost']],
    ['before all', [gap(0, 0)], ['- lost', '$ npm ci', '1 a', '2 b', '3 rest', '$ make', '3  of it', '4 c', '5 d']],
    ['twice', [gap(2, 1, 'x'), gap(4, 2, 'y')], ['$ npm ci', '1 a', '- x', '2 b', '- y', '3 rest', '$ make', '3  of it', '4 c', '5 d']],
    ['behind what has come so far', [gap(99, 9)], ['$ npm ci', '1 a', '2 b', '3 rest', '$ make', '3  of it', '4 c', '5 d']],
  ])('%s, a row says so', (_, gaps, rows) => {
    const model = aModel();
    model.setGaps(gaps);
    expect(shown(model)).toEqual(rows);
    const lines = [0, 1, 3, 4];
    expect(lines.map((line) => shown(model)[model.rowOfLine(line)])).toEqual(['1 a', '2 b', '4 c', '5 d']);
    model.fold(0, true);
    expect(shown(model).filter((row) => row.startsWith('-'))).toEqual(rows.filter((row) => row.startsWith('-')));
  });

  test('a line by which the drone says so stays one', () => {
    const model = aModel();
    const cut = { ...gap(2, 1), cut: { bytes: 9, limit: 20 } };
    model.setGaps([cut]);
    expect(shown(model)).toEqual(shown(aModel()));
    expect([model.cutAt(1), model.cutAt(0)]).toEqual([cut, undefined]);
  });

  test('an output of which nothing came has that row alone', () => {
    const model = new OutputModel();
    model.setGaps([gap(0, 0)]);
    expect(shown(model)).toEqual(['- lost']);
  });
});
