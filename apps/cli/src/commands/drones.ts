import type { DroneSummary } from '@skep/protocol';
import { defineCommand } from '../defineCommand.js';
import { EXIT } from '../exitCodes.js';

export const drones = defineCommand({
  usage: 'drones',
  summary: 'List drones and what they are doing',
  examples: ['drones', 'drones --label os=linux', 'drones --json | jq -r .name'],
  options: [{ flags: '-l, --label <key=value>', summary: 'only with this label', repeats: true }],
  run: async (session, options) => {
    const wanted = options.list('label');
    const all = await (await session.client()).drones();
    const shown = all.filter((drone) => wanted.every((label) => hasLabel(drone, label)));
    const { terminal } = session;
    if (session.json) {
      for (const drone of shown) await terminal.json(drone);
      return EXIT.ok;
    }
    if (shown.length === 0) {
      terminal.remark(all.length === 0 ? 'no drone yet: start one with `skep drone --queen URL`' : 'no drone has these labels');
      return EXIT.ok;
    }
    const { tableLines } = await import('../print/table.js');
    const { droneColours } = await import('../print/words.js');
    const heading = ['DRONE', 'STATE', 'SPEED', 'SLOTS', 'WAITING', 'LABELS', 'REASON'].map((plain) => ({
      plain,
      painted: terminal.paint('dim', plain),
    }));
    const rows = shown.map((drone) => [
      drone.name,
      { plain: drone.state, painted: terminal.paint(droneColours[drone.state], drone.state) },
      String(drone.speed),
      `${drone.running.length}/${drone.capacity}`,
      String(drone.waiting),
      Object.entries(drone.labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(' '),
      drone.reason ?? '',
    ]);
    for (const line of tableLines([heading, ...rows])) await terminal.line(line);
    return EXIT.ok;
  },
});

function hasLabel({ labels }: DroneSummary, label: string): boolean {
  const [key = '', ...value] = label.split('=');
  return value.length === 0 ? key in labels : labels[key] === value.join('=');
}
