import { describe, expect, test } from '@jest/globals';
import { planCommand } from '../../src/executor/commandPlan.js';

describe('planCommand', () => {
  test.each([
    ['a string', 'make', { file: '/bin/sh', args: ['-e', '-c', 'make'], cwd: '/ws' }],
    ['arguments', { command: 'make', args: ['all'] }, { file: 'make', args: ['all'], text: 'make all' }],
    ['arguments and a shell', { command: 'make', args: ['all'], shell: true }, { file: 'make', args: ['all'] }],
    ['no shell', { command: 'make', shell: false }, { file: 'make', args: [] }],
    ['a shell that knows -e', { command: 'x', shell: '/usr/bin/bash' }, { file: '/usr/bin/bash', args: ['-e', '-c', 'x'] }],
    ['an interpreter', { command: 'print(1)', shell: 'python3' }, { file: 'python3', args: ['-c', 'print(1)'] }],
    ['a folder', { command: 'x', cwd: 'a/../b' }, { cwd: '/ws/b' }],
    ['a folder beside', { command: 'x', cwd: '../ws2' }, { cwd: undefined }],
    ['a folder elsewhere', { command: 'x', cwd: '/etc' }, { cwd: undefined }],
    ['a folder with dots in its name', { command: 'x', cwd: '..a' }, { cwd: '/ws/..a' }],
    ['a limit', { command: 'x', timeout: 1.5 }, { timeoutMs: 1500 }],
  ])('%s', (_, command, plan) => {
    expect(planCommand(command, '/ws')).toMatchObject(plan);
  });
});
