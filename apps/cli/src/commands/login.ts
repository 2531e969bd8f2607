import { CliError } from '../CliError.js';
import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';

export const login = defineCommand({
  usage: 'login [queen]',
  summary: 'Remember a queen and the token for her',
  examples: ['login https://ci.example.org', 'login https://ci.example.org < token.txt', 'login --json'],
  notes: `The token is asked for, or read from stdin. Both are kept in ~/.config/skep/logins.json, for this user alone:
from then on this queen is the default, and shown this token wherever no flag, variable or file gives another.`,
  run: async (session, _options, [given]) => {
    const { terminal, env } = session;
    const { checkSetting } = await import('../config/loadSettings.js');
    const { loginKey, loginsPath, readLogins, writeLogins } = await import('../config/logins.js');
    const { settings, from } = await session.settings();
    const queen = loginKey(given === undefined ? settings.queen : checkSetting('queen', given, 'the command line'));
    const { scopeOf } = await import('../login/scopeOf.js');
    const isGiven = from.token !== 'default' && from.token !== loginsPath(env);
    const needsNone = !isGiven && (await scopeOf(queen, undefined)) !== undefined;
    const { askSecret } = await import('../askSecret.js');
    const token = isGiven ? settings.token : needsNone ? undefined : await askSecret(`Token for ${queen}: `);
    const scope = token ? await scopeOf(queen, token) : undefined;
    if (!needsNone && scope === undefined)
      throw new CliError(
        token ? `${queen} does not know this token` : 'no token was given',
        token ? undefined : `${queen} asks for one`,
        'skep token add NAME --scope admin, where the queen runs, makes one; then skep login again',
        EXIT.unauthenticated,
      );
    const { tokens } = await readLogins(env);
    if (token) tokens[queen] = token;
    else delete tokens[queen];
    await writeLogins(env, { queen, tokens });
    if (session.json) await terminal.json({ queen, scope: scope ?? null });
    else
      terminal.remark(
        scope === undefined ? `${queen} is the queen from now on; she asks for no token` : `logged in to ${queen}, scope ${scope}`,
      );
    return EXIT.ok;
  },
});
