import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';

export const config = defineCommand({
  usage: 'config',
  summary: 'Print every setting in force and where it comes from',
  examples: ['config', 'config --json', 'config --config build.yaml'],
  run: async (session) => {
    const { settings, from } = await session.settings();
    const { settingNames } = await import('../config/settings.js');
    const { tableLines } = await import('../print/table.js');
    const { terminal } = session;
    const { withoutSecrets } = await import('../config/withoutSecrets.js');
    const shown = (name: (typeof settingNames)[number]) => withoutSecrets(name, settings[name]);
    if (session.json) {
      await terminal.json(Object.fromEntries(settingNames.map((name) => [name, { value: shown(name) ?? null, from: from[name] }])));
      return EXIT.ok;
    }
    const rows = settingNames.map((name) => [name, words(shown(name)), { plain: from[name], painted: terminal.paint('dim', from[name]) }]);
    for (const line of tableLines(rows)) await terminal.line(line);
    return EXIT.ok;
  },
});

function words(value: unknown): string {
  if (value === undefined) return '-';
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.join(',');
  if (typeof value !== 'object' || value === null) return String(value);
  const pairs = Object.entries(value).map(([key, each]) => `${key}=${typeof each === 'object' ? JSON.stringify(each) : each}`);
  return pairs.length === 0 ? '-' : pairs.join(',');
}
