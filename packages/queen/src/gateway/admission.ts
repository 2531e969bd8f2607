import { SkepError, type TokenScope, toSkepError } from '@skep/protocol';
import type { Namespace, Socket } from 'socket.io';
import { type Access, bearerToken } from '../http/access.js';

export interface Admission {
  access: Pick<Access, 'check' | 'onTokenDropped'>;
  scope: TokenScope;
  maxConnections: number;
  /** Further conditions of this namespace. @throws SkepError */
  check?: (socket: Socket) => void;
}

/**
 * Lets only those onto a namespace who may be there; the others are told why as the `data` of their connect error. Whoever
 * came in with a token that is taken back later is told so, as `error:invalid` of `connect`, and leaves.
 */
export function admit(namespace: Namespace, { access, scope, maxConnections, check }: Admission): void {
  const tokens = new WeakMap<Socket, string>();
  access.onTokenDropped((name) => {
    const error = new SkepError('UNAUTHENTICATED', `The token ${name} was taken back`).toBody();
    for (const socket of namespace.sockets.values()) {
      if (tokens.get(socket) !== name) continue;
      socket.emit('error:invalid', 'connect', error);
      socket.disconnect(true);
    }
  });
  namespace.use((socket, next) => {
    try {
      const { headers, auth } = socket.handshake;
      const token: unknown = auth.token;
      const opened = access.check({
        host: headers.host,
        origin: headers.origin,
        token: typeof token === 'string' ? token : bearerToken(headers.authorization),
        scope,
      });
      if (namespace.server.engine.clientsCount > maxConnections) {
        throw new SkepError('TOO_MANY_CONNECTIONS', `${maxConnections} sockets are open; that is maxConnections`);
      }
      check?.(socket);
      if (opened !== undefined) tokens.set(socket, opened);
      next();
    } catch (thrown) {
      const error = toSkepError(thrown);
      next(Object.assign(new Error(error.message), { data: error.toBody() }));
    }
  });
}
