import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';

export const logout = defineCommand({
  usage: 'logout [queen]',
  summary: 'Forget the token for a queen',
  examples: ['logout', 'logout https://ci.example.org'],
  notes: 'The token itself stays good: `skep token rm NAME` takes it back.',
  run: async (session, _options, [given]) => {
    const { terminal, env } = session;
    const { loginKey, readLogins, writeLogins } = await import('../config/logins.js');
    const queen = loginKey(given ?? (await session.settings()).settings.queen);
    const { queen: last, tokens } = await readLogins(env);
    const wasKnown = queen in tokens || last === queen;
    delete tokens[queen];
    if (wasKnown) await writeLogins(env, { ...(last !== undefined && last !== queen && { queen: last }), tokens });
    if (session.json) await terminal.json({ queen, wasKnown });
    else terminal.remark(wasKnown ? `${queen} is forgotten` : `nothing is known of ${queen}`);
    return EXIT.ok;
  },
});
