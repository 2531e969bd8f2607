import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Random } from './Random.js';

/** What is no packet of Socket.IO, or none that may come here and now. */
const packets: readonly (string | Buffer)[] = [
  ...['', '4', '9', 'x', '42', '42[', '42{}', '42[]', '42[null]', '42[{}]', '42["connect"]', '42["disconnecting"]', '42["newListener",1]'],
  ...['43', '43[]', '430', '430[]', '43999999999999999999[{}]', '431[1', '44', '44{}', '40', '40[]', '40/nowhere,{}', '40/__proto__,{}'],
  ...['40/drone,[]', '40/drone,"x"', '40/drone,{"protocol":1}', '40/drone,{"protocol":2,"id":"x"}', '40/drone,{"id":{}}', '40/drone'],
  ...['451-["queue:new",{"_placeholder":true,"num":5}]', '4511-["x"]', '45-1-["x"]', '45["x"]', '451e3-["x"]', '461-0[1]', '45999-["x"]'],
  ...[
    '42/drone,["drone:info",{}]',
    '42/nowhere,["x"]',
    `42/${'x'.repeat(10_000)},["x"]`,
    '421e5["x"]',
    '42Infinity["x"]',
    '42-1["queue:new"]',
  ],
  ...['0', '0{"sid":"x"}', '1', '2', '2probe', '3', '3probe', '5', '6', 'bAAAA', 'b####', '42["x",NaN]', "42['x']", '42["\\ud800'],
  `42["queue:new",${'['.repeat(100_000)}`,
  `451-["queue:new",{"_placeholder":true,"num":0,"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}]`,
  Buffer.from([0, 1, 2]),
  Buffer.alloc(100_000),
];

/** Frames that are no WebSocket: text that is not UTF-8, bits that mean nothing, control frames that are too long. */
const frames: readonly Buffer[] = [
  Buffer.from([0x81, 0x84, 0, 0, 0, 0, 0x34, 0x32, 0xff, 0xfe]),
  Buffer.from([0xf1, 0x80, 0, 0, 0, 0]),
  Buffer.from([0x81, 0x01, 0x34]),
  Buffer.concat([Buffer.from([0x89, 0xfe, 0x01, 0x00, 0, 0, 0, 0]), Buffer.alloc(256)]),
  Buffer.from([0x80, 0x81, 0, 0, 0, 0, 0x34]),
  Buffer.from([0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]),
];

/** Writes something that no peer would, past everything that could stop it. The connection does not outlive most of it. */
export function writeGarbage(socket: WebSocket, random: Random): void {
  const kind = random.next();
  if (kind < 0.7) socket.send(random.pick(packets));
  else if (kind < 0.85)
    socket.send(`42${Array.from({ length: random.below(100) }, () => String.fromCharCode(random.below(0x10000))).join('')}`);
  else (socket as unknown as { _socket: Duplex })._socket.write(random.pick(frames));
}
