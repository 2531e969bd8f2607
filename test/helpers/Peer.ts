import { io, type Socket } from 'socket.io-client';
import { until } from './until.js';

/** A plain socket.io client that remembers all it hears. */
export class Peer implements AsyncDisposable {
  readonly heard: [event: string, ...args: unknown[]][] = [];

  private constructor(readonly socket: Socket) {
    socket.onAny((event: string, ...args: unknown[]) => this.heard.push([event, ...args]));
  }

  /** Connects to a namespace of a queen. */
  static async connect(url: string, auth: Record<string, unknown> = {}): Promise<Peer> {
    const peer = new Peer(io(url, { auth, forceNew: true, transports: ['websocket'] }));
    if (!peer.socket.connected) await new Promise<void>((resolve) => peer.socket.once('connect', resolve));
    return peer;
  }

  say(event: string, ...args: unknown[]): void {
    this.socket.emit(event, ...args);
  }

  /** Says something and returns the answer. */
  ask<T = Record<string, unknown>>(event: string, ...args: unknown[]): Promise<T> {
    return this.socket.timeout(10_000).emitWithAck(event, ...args);
  }

  /** What was heard under a name, each as its arguments. */
  all(event: string): unknown[][] {
    return this.heard.filter(([name]) => name === event).map(([, ...args]) => args);
  }

  /** Waits until an event was heard so many times, and returns its arguments. */
  async hears(event: string, times = 1): Promise<unknown[]> {
    return until(() => this.all(event)[times - 1], `hearing ${event} (${times})`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.disconnect();
  }
}
