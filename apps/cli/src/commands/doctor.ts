import { defineCommand } from '../defineCommand.js';
import type { Finding } from '../doctor/Finding.js';
import { EXIT } from '../exitCodes.js';
import type { Session } from '../Session.js';

const looks = { ok: ['✓', 'green'], note: ['!', 'yellow'], wrong: ['✗', 'red'] } as const;

export const doctor = defineCommand({
  usage: 'doctor',
  summary: 'Look whether the queen can be reached from here, and whether this machine could be a drone',
  examples: ['doctor', 'doctor --queen https://ci.example.org', 'doctor --json'],
  options: [{ flags: '--data <folder>', summary: 'the data folder that a drone here would have' }],
  notes: 'Exits with 1 if something will not work.',
  run: async (session) => {
    const { settings, from } = await session.settings();
    const { dataFolder } = await import('../config/dataFolder.js');
    const { loginKey } = await import('../config/logins.js');
    const { queenFindings } = await import('../doctor/queenFindings.js');
    const { machineFindings } = await import('../doctor/machineFindings.js');
    const { queen: url, token, minFreeBytes, data } = settings;
    const asked = { url: loginKey(url), token, from, version: session.version };
    let exit: number = EXIT.ok;
    for (const findings of [queenFindings(asked), machineFindings({ dataDir: data ?? dataFolder('drone', session.env), minFreeBytes })])
      for await (const finding of findings) {
        if (finding.state === 'wrong') exit = EXIT.error;
        await tell(session, finding);
      }
    return exit;
  },
});

async function tell({ terminal, json }: Session, finding: Finding): Promise<void> {
  if (json) return terminal.json(finding);
  const { what, state, words, hint } = finding;
  const [sign, colour] = looks[state];
  await terminal.line(`${terminal.paint(colour, sign)} ${what.padEnd(11)}  ${words}`);
  if (hint !== undefined) await terminal.line(`${' '.repeat(15)}try: ${hint}`);
}
